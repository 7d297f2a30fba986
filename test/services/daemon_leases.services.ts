import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { hostname } from 'node:os'
import { expect } from 'chai'
import { bullmqBackend } from '../../adapters/bullmq/index.ts'
import { buildPackage } from '../application/built_package.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from '../cli/in_process.ts'
import { PostgresCluster } from './postgres_cluster.ts'
import { RedisServer } from './redis_server.ts'

const files = (url: string) => ({
  'config/environments/development.js': `import { configure } from 'regauge'
export default configure((config) => {
  config.jobs.backend = { bullmq: { connection: ${JSON.stringify(url)} } }
  config.log.level = 'silent'
  config.daemons.lease = 3
})
`,
  'app/daemons/feed.js': `import { Daemon } from 'regauge'
export class Feed extends Daemon {
  static { this.scope('application') }
  async perform() {
    console.log('begin', process.pid)
    await this.sleep(3600)
    console.log('end', process.pid)
  }
}
`,
  'serve.mjs': `import { boot } from 'regauge'
const application = await boot({ root: process.cwd() })
await application.work()
console.log('ready', process.pid)
`,
})

/** Processes that stand for machines: they have nothing but the store in common. */
class Machines {
  readonly #root: string
  readonly running = new Map<number, ChildProcess>()
  /** Those in which the daemon runs. */
  readonly performing = new Set<number>()
  most = 0
  #waiting: { readonly what: RegExp; readonly resolve: (line: string) => void }[] = []

  constructor(root: string) {
    this.#root = root
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['serve.mjs'], { cwd: this.#root, stdio: ['ignore', 'pipe', 'inherit'] })
    this.running.set(child.pid!, child)
    const lines: Interface = createInterface({ input: child.stdout })
    lines.on('line', (line) => this.#note(line))
    await this.says(new RegExp(`^ready ${child.pid}$`))
  }

  says(what: RegExp): Promise<string> {
    return new Promise((resolve) => this.#waiting.push({ what, resolve }))
  }

  async kill(pid: number): Promise<void> {
    const child = this.running.get(pid)!
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    this.running.delete(pid)
    this.performing.delete(pid)
  }

  #note(line: string): void {
    const [what, pid] = line.split(' ')
    if (what === 'begin') this.performing.add(Number(pid))
    if (what === 'end') this.performing.delete(Number(pid))
    this.most = Math.max(this.most, this.performing.size)
    const heard = this.#waiting.filter((one) => one.what.test(line))
    this.#waiting = this.#waiting.filter((one) => !heard.includes(one))
    for (const { resolve } of heard) resolve(line)
  }
}

for (const [name, start] of [
  ['Redis', () => RedisServer.start()],
  ['PostgreSQL', () => PostgresCluster.start()],
] as const) {
  describe(`the leases of daemons on ${name}`, function () {
    this.timeout(240_000)
    let server: RedisServer | PostgresCluster | undefined
    let machines: Machines | undefined
    before(async function () {
      buildPackage()
      server = await start()
      if (server === undefined) this.skip()
    })
    after(async () => {
      for (const pid of [...(machines?.running.keys() ?? [])]) await machines!.kill(pid)
      await server?.remove()
      removeFolders()
    })

    it('are had by one owner, renewed by it alone, given back, and free when their time is over', async () => {
      const backend = await bullmqBackend({ connection: server!.url, prefix: 'leases' })
      const { leases } = backend
      expect(await leases!.take('feed', 'a', 60_000)).to.equal(true)
      expect(await leases!.take('feed', 'b', 60_000)).to.equal(false)
      expect(await leases!.take('feed', 'a', 60_000)).to.equal(true)
      expect(await leases!.take('other', 'b', 60_000)).to.equal(true)
      await leases!.release('feed', 'b')
      expect(await leases!.holder('feed')).to.equal('a')
      await leases!.release('feed', 'a')
      expect(await leases!.holder('feed')).to.equal(undefined)
      expect(await leases!.take('feed', 'a', 1)).to.equal(true)
      while (!(await leases!.take('feed', 'b', 60_000))) await new Promise(setImmediate)
      expect(await leases!.holder('feed')).to.equal('b')
      await backend.close()
    })

    it('let a daemon run on one of several machines, on another when that dies, and on none while the store is gone', async () => {
      const root = applicationWith(files(server!.url))
      machines = new Machines(root)
      const begun = machines.says(/^begin/)
      await machines.start()
      await begun
      await machines.start()
      const [first] = [...machines.performing]
      const { stdout } = await regaugeHere(['daemons', '--root', root, '--json'])
      expect(JSON.parse(stdout)).to.deep.equal([{ name: 'Feed', scope: 'application', pid: first, host: hostname() }])
      const next = machines.says(/^begin/)
      await machines.kill(first!)
      await next
      const [second] = [...machines.performing]
      expect(second).not.to.equal(first)
      await machines.start()
      const ended = machines.says(/^end/)
      await server!.kill()
      await ended
      expect([...machines.performing]).to.deep.equal([])
      const again = machines.says(/^begin/)
      await server!.restart()
      await again
      expect(machines.most).to.equal(1)
      expect(machines.running.size).to.equal(2)
    })
  })
}
