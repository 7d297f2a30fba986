import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as bullmq from 'bullmq'
import { expect } from 'chai'
import { buildPackage } from '../../application/built_package.ts'

describe('regauge/bullmq in place of bullmq', () => {
  let directory: string
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'regauge-bullmq-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  const entry = pathToFileURL(join(buildPackage(), 'dist/adapters/bullmq/embedded/index.js')).href

  /** Runs a program in a process of its own, for what it imports changes BullMQ's default. */
  function run(program: string): string {
    writeFileSync(join(directory, 'program.mjs'), `import * as bullmq from ${JSON.stringify(entry)}\n${program}`)
    const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], { cwd: directory, encoding: 'utf8', timeout: 30_000 })
    return stdout + stderr
  }

  it('exports everything that bullmq exports', () => {
    const exported = JSON.parse(run('console.log(JSON.stringify(Object.keys(bullmq)))')) as string[]
    expect(Object.keys(bullmq).filter((name) => name !== 'default' && !exported.includes(name))).to.deep.equal([])
  })

  it('serves code that imports bullmq itself, when it is imported first', () => {
    symlinkSync(dirname(createRequire(import.meta.url).resolve('bullmq/package.json')), join(directory, 'bullmq'))
    const program = `
      import { createRequire } from 'node:module'
      const { Queue } = createRequire(process.cwd() + '/')('./bullmq')
      const queue = new Queue('mails', { connection: { host: 'redis.invalid', port: 1 } })
      await queue.add('welcome', {})
      console.log(await queue.count())
      await queue.close()`
    expect(run(program)).to.equal('1\n')
  })

  it('runs a queue without a connection to anything, and lets the process end', () => {
    const program = `
      import net from 'node:net'
      net.Socket.prototype.connect = () => { throw new Error('connected') }
      const { Queue, Worker, QueueEvents } = bullmq
      const connection = { host: 'redis.invalid', port: 1 }
      const queue = new Queue('mails', { connection })
      const events = new QueueEvents('mails', { connection })
      await events.waitUntilReady()
      const worker = new Worker('mails', async (job) => job.data.n + 1, { connection })
      const job = await queue.add('welcome', { n: 1 })
      console.log(await job.waitUntilFinished(events))
      for (const open of [worker, events, queue]) await open.close()`
    expect(run(program)).to.equal('2\n')
  })

  it('keeps its queues in storage/bullmq, or where it is told to', () => {
    const program = `
      import { readdirSync } from 'node:fs'
      bullmq.configureQueues({ directory: 'elsewhere' })
      const queues = [new bullmq.Queue('a'), new bullmq.Queue('b', { connection: { directory: 'named' } })]
      for (const queue of queues) await queue.add('x', {})
      console.log(['elsewhere', 'named'].map((name) => readdirSync(name).filter((file) => !/socket|\\.sock/.test(file)).sort().join()).join(' '))
      for (const queue of queues) await queue.close()
      const again = new bullmq.Queue('b', { connection: { directory: 'named' } })
      console.log(await again.count())
      await again.close()`
    expect(run(program)).to.equal('00000001.queues,owner.lock 00000001.queues,owner.lock\n1\n')
  })

  it('runs processors in processes and threads of their own', () => {
    const program = `
      import { writeFileSync } from 'node:fs'
      writeFileSync('processor.cjs', 'module.exports = async (job) => { await job.updateProgress(9); return job.data.n * 2 }')
      const { Queue, Worker, QueueEvents } = bullmq
      const queue = new Queue('sandboxed')
      const events = new QueueEvents('sandboxed')
      await events.waitUntilReady()
      for (const useWorkerThreads of [false, true]) {
        const worker = new Worker('sandboxed', process.cwd() + '/processor.cjs', { connection: {}, useWorkerThreads })
        const job = await queue.add('x', { n: 21 })
        console.log(await job.waitUntilFinished(events), (await queue.getJob(job.id)).progress)
        await worker.close()
      }
      for (const open of [events, queue]) await open.close()`
    expect(run(program)).to.equal('42 9\n42 9\n')
  })
})
