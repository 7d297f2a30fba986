import { execFileSync, type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Cluster, Redis } from 'ioredis'
import { type BullmqBackendOptions, bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { freePort } from '../../services/free_port.ts'
import { RedisServer } from '../../services/redis_server.ts'

describe('jobs on BullMQ over a Redis', () => {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  async function redisWith(options: readonly string[]): Promise<RedisServer | undefined> {
    const server = await RedisServer.start(options)
    if (server !== undefined) cleanups.push(() => server.remove())
    return server
  }
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'regauge-redis-'))
    cleanups.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  /** Enqueues, performs, limits, plans and leases: all that keeps something in Redis. */
  async function use(options: BullmqBackendOptions): Promise<void> {
    const backend = await bullmqBackend(options)
    cleanups.push(() => backend.close())
    const limit = { key: 'one', to: 1, duration: 60_000 }
    await backend.add([
      { queue: 'default', name: 'Example', data: { number: 1 } },
      { queue: 'other', name: 'Example', data: { number: 2 }, priority: 3, constraints: { limit } },
    ])
    await backend.schedule!([
      {
        key: 'y',
        schedule: '0 0 1 1 *',
        cron: '0 0 1 1 *',
        timeZone: 'UTC',
        catchUp: 'skip',
        job: { queue: 'default', name: 'Y', data: {} },
      },
    ])
    const ran: unknown[] = []
    const worker = await backend.process(
      async ({ data }) => {
        ran.push(data['number'])
        return { kind: 'completed' }
      },
      { queues: ['*'], concurrency: 1 },
    )
    while (ran.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await worker.stop()
    expect(ran.toSorted()).to.deep.equal([1, 2])
    expect(await backend.leases!.take('daemon', 'me', 60_000)).to.equal(true)
    expect(await backend.leases!.take('daemon', 'other', 60_000)).to.equal(false)
  }

  it('that is a cluster, whose client the application makes', async function () {
    const server = await redisWith(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])
    if (server === undefined) return this.skip()
    const admin = new Redis(server.url)
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    while (!(await admin.cluster('INFO')).includes('cluster_state:ok')) await new Promise((resolve) => setTimeout(resolve, 20))
    const connection = new Cluster([{ host: '127.0.0.1', port: server.port }], { redisOptions: { maxRetriesPerRequest: null } })
    cleanups.push(() => connection.disconnect())
    await use({ connection })
    const keys = (await admin.keys('*')).filter((key) => !key.startsWith('{regauge}:'))
    expect(keys).to.deep.equal([])
    admin.disconnect()
  })

  it('behind TLS', async function () {
    if (spawnSync('openssl', ['version']).status !== 0) return this.skip()
    const [path, port] = [folder(), await freePort()]
    const [key, certificate] = [join(path, 'key.pem'), join(path, 'certificate.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject], {
      stdio: 'ignore',
    })
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no']
    if ((await redisWith(['--tls-port', String(port), ...files])) === undefined) return this.skip()
    await use({ connection: { host: '127.0.0.1', port, tls: { ca: readFileSync(certificate) } } })
  })

  it('that sentinels name', async function () {
    const server = await redisWith([])
    if (server === undefined) return this.skip()
    const [path, port] = [folder(), await freePort()]
    writeFileSync(join(path, 'sentinel.conf'), `port ${port}\nbind 127.0.0.1\nsentinel monitor jobs 127.0.0.1 ${server.port} 1\n`)
    const sentinel = spawn('redis-server', [join(path, 'sentinel.conf'), '--sentinel'], { stdio: ['ignore', 'pipe', 'ignore'] })
    cleanups.push(() => ended(sentinel))
    for await (const chunk of sentinel.stdout.iterator({ destroyOnReturn: false })) if (String(chunk).includes('+monitor')) break
    sentinel.stdout.resume()
    await use({ connection: { sentinels: [{ host: '127.0.0.1', port }], name: 'jobs' } })
  })

  it('that others use, under a prefix of its own', async function () {
    const server = await redisWith([])
    if (server === undefined) return this.skip()
    await use({ connection: `${server.url}/3`, prefix: 'shop' })
    const admin = new Redis(server.url)
    expect((await admin.info('keyspace')).match(/^db\d+/gm)).to.deep.equal(['db3'])
    await admin.select(3)
    expect((await admin.keys('*')).filter((key) => !key.startsWith('shop:'))).to.deep.equal([])
    admin.disconnect()
  })
})

async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'exit')
  child.kill('SIGKILL')
  await closed
}
