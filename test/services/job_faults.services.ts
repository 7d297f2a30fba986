import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { buildPackage } from '../application/built_package.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { PostgresCluster } from './postgres_cluster.ts'
import { RedisServer } from './redis_server.ts'

/** A server that jobs are kept on, and that may be killed. */
type Server = Pick<RedisServer, 'url' | 'kill' | 'restart' | 'remove'>

const processes = 3
const rounds = 6

const files = (url: string) => ({
  'config/environments/development.js': `import { configure } from 'regauge'
export default configure((config) => {
  config.jobs.backend = { bullmq: { connection: ${JSON.stringify(url)}, timeout: 2000 } }
  config.log.level = 'silent'
})
`,
  'app/jobs/count.js': `import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { Job } from 'regauge'
export class Count extends Job {
  async perform(number) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    appendFileSync(join(process.cwd(), 'diary'), \`ran \${number}\\n\`)
  }
}
`,
  'load.mjs': `import { appendFileSync } from 'node:fs'
import { boot } from 'regauge'
import { Count } from './app/jobs/count.js'
const note = (line) => appendFileSync('diary', line + '\\n')
const application = await boot({ root: process.cwd() })
await application.work()
console.log('ready')
let number = Date.now() * 1000
const enqueue = async () => {
  for (;;) {
    const mine = number++
    await Count.performLater(mine).then(
      () => note('added ' + mine),
      (error) => note('refused ' + (error.code ?? error.stack.replaceAll('\\n', ' '))),
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
if (process.argv[2] === 'load') application.run(() => Promise.all([enqueue(), enqueue(), enqueue(), enqueue()]))
else {
  for (let left = 1; left > 0; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { waiting, prioritized, delayed, active } = await application.jobs.counts()
    left = waiting + prioritized + delayed + active
  }
  console.log(JSON.stringify(await application.jobs.list('failed')))
  await application.stop()
}
`,
})

/** Processes that enqueue and perform under load, one of which is killed now and then, as is the server. */
class FaultyRun {
  readonly #root: string
  readonly #server: Server
  #running: ChildProcess[] = []
  /** How processes ended that nobody killed. */
  readonly ended: unknown[] = []

  constructor(root: string, server: Server) {
    this.#root = root
    this.#server = server
  }

  async go(): Promise<void> {
    for (let index = 0; index < processes; index++) this.#running.push(await this.#start('load'))
    for (let round = 0; round < rounds; round++) {
      await setTimeout(300 + Math.random() * 700)
      if (round % 3 === 2) await this.#killServer()
      else {
        const [victim] = this.#running.splice(Math.floor(Math.random() * processes), 1)
        await end(victim!)
        this.#running.push(await this.#start('load'))
      }
    }
    await setTimeout(1000)
    for (const child of this.#running.splice(0)) await end(child)
  }

  /** Performs what is left. @returns the jobs that have failed */
  async performRest(): Promise<unknown> {
    const child = this.#spawn('rest')
    let output = ''
    child.stdout!.on('data', (chunk: Buffer) => (output += String(chunk)))
    const [status] = await once(child, 'close')
    expect(status).to.equal(0)
    return JSON.parse(output.trim().split('\n').at(-1)!)
  }

  /** Down for longer than an enqueue may take. */
  async #killServer(): Promise<void> {
    await this.#server.kill()
    await setTimeout(3000)
    await this.#server.restart()
  }

  async #start(mode: string): Promise<ChildProcess> {
    const child = this.#spawn(mode)
    child.once('exit', (status, signal) => {
      if (signal !== 'SIGKILL') this.ended.push(status ?? signal)
    })
    await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])
    child.stdout!.resume()
    return child
  }

  #spawn(mode: string): ChildProcess {
    return spawn(process.execPath, ['load.mjs', mode], { cwd: this.#root, stdio: ['ignore', 'pipe', 'inherit'] })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

for (const [name, start] of [
  ['Redis', () => RedisServer.start()],
  ['PostgreSQL', () => PostgresCluster.start()],
] as const) {
  describe(`jobs on BullMQ whose workers and ${name} are killed under load`, function () {
    this.timeout(600_000)
    let server: Server | undefined
    before(async function () {
      buildPackage()
      server = await start()
      if (server === undefined) this.skip()
    })
    after(async () => {
      await server?.remove()
      removeFolders()
    })

    it('run each at least once that was acknowledged, and the processes live through it', async () => {
      const root = applicationWith(files(server!.url))
      const run = new FaultyRun(root, server!)
      await run.go()
      expect(run.ended).to.deep.equal([])
      expect(await run.performRest()).to.deep.equal([])
      const lines = readFileSync(join(root, 'diary'), 'utf8').trim().split('\n')
      const of = (what: string) => lines.filter((line) => line.startsWith(what)).map((line) => line.slice(what.length + 1))
      const ran = of('ran')
      const acknowledged = of('added')
      const refused = of('refused')
      const runs = new Set(ran)
      expect(acknowledged.filter((number) => !runs.has(number))).to.deep.equal([])
      expect(acknowledged.length).to.be.greaterThan(rounds)
      expect(new Set(refused)).to.deep.equal(new Set(['REGAUGE_QUEUE_UNREACHABLE']))
      process.stdout.write(
        `      ${name}: ${acknowledged.length} acknowledged, 0 lost, ${ran.length - runs.size} run twice, ${refused.length} refused\n`,
      )
    })
  })
}
