import { once } from 'node:events'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { frame, put, record, saltOfFile, text } from '../jobs/journal/journal_bytes.ts'
import { endCommands, type Outcome, regauge, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const files = {
  'app/jobs/greet.ts': `import { Job } from 'regauge'
export class Greet extends Job {
  perform(name: string) {
    if (name === 'nobody') throw new RangeError('nobody to greet')
  }
}
`,
  'app/events/order_placed.ts': `import { Event } from 'regauge'
export class OrderPlaced extends Event<{ id: number }> {}
`,
  'app/subscribers/audit.ts': `import { Subscriber } from 'regauge'
import { OrderPlaced } from '../events/order_placed.ts'
export class Audit extends Subscriber {
  static { this.subscribeTo(OrderPlaced, { deferred: true, priority: 5 }) }
  call(_event: OrderPlaced) {}
}
`,
  'config/recurring.yml': `production:
  nightly: { class: Greet, args: [world], schedule: "at 5am every day in Europe/Paris", queue: slow }
`,
}

describe('regauge jobs', () => {
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  async function queueIn(root: string): Promise<EmbeddedBackend> {
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    return new EmbeddedBackend({ directory })
  }

  const greet = (name: string) => ({ queue: 'default', name: 'Greet', data: { job_id: name, arguments: [name] } })

  async function json(args: readonly string[], env: Record<string, string> = {}): Promise<unknown> {
    const { stdout, stderr } = await regaugeHere([...args, '--json'], { env })
    expect(stderr).to.equal('')
    return JSON.parse(stdout)
  }

  it('runs, lists, shows, retries and discards the jobs of a queue that no process owns', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('world'), greet('nobody')])
    await backend.close()
    const at = ['--root', root]
    expect(await json(['jobs', ...at])).to.deep.include({ waiting: 2, failed: 0, pausedQueues: [] })
    expect(await json(['jobs', 'drain', ...at])).to.deep.equal({ ran: 2 })
    const [failed] = (await json(['jobs', 'list', 'failed', ...at])) as { id: string; name: string; error: object }[]
    expect(failed).to.deep.include({ id: '2', name: 'Greet' })
    const shown = await regaugeHere(['jobs', 'show', '2', ...at])
    expect(shown.stdout).to.match(/RangeError: nobody to greet/)
    expect(await json(['jobs', 'retry', 'all', ...at])).to.deep.equal({ retried: 1 })
    expect(await json(['jobs', 'discard', '2', ...at])).to.deep.equal({ discarded: 1 })
    expect((await regaugeHere(['jobs', ...at])).stdout).to.match(/^waiting +0$/m)
  })

  it('tells what a job waits for', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    const jobs = [greet('world'), greet('nobody'), { ...greet('later'), runAt: Date.now() + 3_600_000 }]
    await backend.add([{ ...greet('all'), constraints: { children: { jobs, onFailure: 'wait' } } }])
    await backend.close()
    const at = ['--root', root]
    expect(await json(['jobs', 'drain', ...at])).to.deep.equal({ ran: 2 })
    const { stdout } = await regaugeHere(['jobs', 'show', '1', ...at])
    expect(stdout).to.match(/^state +waiting-children$/m)
    expect(stdout).to.include(
      'children: 1 completed, 1 failed, 1 delayed\n  Greet 3 is failed: RangeError: nobody to greet\n  Greet 4 is delayed\n',
    )
    const shown = (await json(['jobs', 'show', '1', ...at])) as { children: object[] }
    expect(shown.children[0]).to.deep.equal({ id: '2', queue: 'default', name: 'Greet', state: 'completed' })
    expect(await json(['jobs', 'show', '2', ...at])).to.include({ parent: '1' })
    expect(await json(['jobs', 'discard', '3', '4', ...at])).to.deep.equal({ discarded: 2 })
    expect(await json(['jobs', ...at])).to.deep.include({ waiting: 1, 'waiting-children': 0 })
  })

  it('ends a drain though a paused queue keeps its jobs, and counts a job once that is named twice', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('world'), { ...greet('later'), queue: 'mailers' }])
    await backend.pause('mailers')
    await backend.close()
    const at = ['--root', root]
    expect(await json(['jobs', 'drain', ...at])).to.deep.equal({ ran: 1, pausedQueues: ['mailers'] })
    expect(await json(['jobs', ...at])).to.deep.include({ waiting: 1 })
    expect(await json(['jobs', 'discard', '2', '2', ...at])).to.deep.equal({ discarded: 1 })
  })

  it("takes the jobs' own ids, which the log says, as well as those of the queue", async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    const own = '29141499-9f7f-4277-ab99-f05bc0982817'
    await backend.add([greet('world'), greet(own)])
    await backend.close()
    const at = ['--root', root]
    expect(await json(['jobs', 'show', own, ...at])).to.include({ id: '2' })
    expect(await json(['jobs', 'discard', own, ...at])).to.deep.equal({ discarded: 1 })
    expect((await regaugeHere(['jobs', 'show', own, ...at])).stderr).to.contain(`There is no job ${own}.`)
  })

  it('says why jobs were not retried or discarded, and fails when none was', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('nobody'), { ...greet('later'), queue: 'mailers' }])
    await backend.pause('mailers')
    await backend.close()
    const at = ['--root', root]
    await json(['jobs', 'drain', ...at])
    const waiting = { id: '2', state: 'waiting', reason: 'its state is waiting' }
    const missing = { id: '99', reason: 'there is no such job' }
    const refused = await regaugeHere(['jobs', 'retry', '2', '99', ...at])
    expect(refused).to.deep.equal({
      status: 1,
      stdout: 'retried 0 jobs\n',
      stderr: '2 was not retried: its state is waiting\n99 was not retried: there is no such job\n',
    })
    const asJson = await regaugeHere(['jobs', 'retry', '2', '99', '--json', ...at])
    expect([asJson.status, JSON.parse(asJson.stdout), asJson.stderr]).to.deep.equal([1, { retried: 0, skipped: [waiting, missing] }, ''])
    expect(await json(['jobs', 'retry', '1', '2', ...at])).to.deep.equal({ retried: 1, skipped: [waiting] })
    const none = await regaugeHere(['jobs', 'retry', 'all', ...at])
    expect(none).to.deep.equal({ status: 0, stdout: 'retried 0 jobs\n', stderr: '' })
    const discarded = await regaugeHere(['jobs', 'discard', '99', ...at])
    expect(discarded).to.deep.equal({ status: 1, stdout: 'discarded 0 jobs\n', stderr: '99 was not discarded: there is no such job\n' })
    expect(await json(['jobs', 'discard', '1', '99', ...at])).to.deep.equal({ discarded: 1, skipped: [missing] })
  })

  it('retries all failed jobs but those whose data can not be read', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('nobody')])
    await backend.close()
    const at = ['--root', root]
    const journal = join(root, 'storage/jobs/development/00000001.journal')
    const broken = record(put({ sequence: 7, texts: [text('default'), text('Greet'), text('{"job_id":')] }))
    appendFileSync(journal, frame(broken, await saltOfFile(journal)))
    expect(await json(['jobs', 'drain', ...at])).to.deep.equal({ ran: 1 })
    const unreadable = { id: '7', state: 'failed', reason: "its data can't be read" }
    expect(await json(['jobs', 'retry', 'all', '1', ...at])).to.deep.equal({ retried: 1, skipped: [unreadable] })
    const refused = await regaugeHere(['jobs', 'retry', 'all', ...at])
    expect(refused).to.deep.equal({ status: 1, stdout: 'retried 0 jobs\n', stderr: "7 was not retried: its data can't be read\n" })
    expect(await json(['jobs', 'discard', 'all', ...at])).to.deep.equal({ discarded: 1 })
  })

  it('masks what the log would mask of arguments, unless they are asked for unfiltered', async function () {
    this.timeout(60_000)
    const root = applicationWith({
      ...files,
      'app/models/user.ts': `import { Model } from 'regauge'
export class User extends Model('User') {
  static { this.encrypts('nickname') }
}
`,
      'config/environments/development.ts': `import { configure } from 'regauge'
export default configure((config) => {
  config.log.filterParameters.push('badge')
})
`,
    })
    const backend = await queueIn(root)
    const given = { user: { nickname: 'n', name: 'Ann' }, badge: 'b', password: 'p', kept: [1], _aj_symbol_keys: ['user', 'badge'] }
    await backend.add([{ queue: 'default', name: 'Greet', data: { job_id: 'a', arguments: [given] } }])
    await backend.close()
    const at = ['--root', root]
    const argumentsOf = (job: unknown) => (job as { data: { arguments: unknown[] } }).data.arguments[0]
    const mask = '[FILTERED]'
    const masked = { ...given, user: { nickname: mask, name: 'Ann' }, badge: mask, password: mask }
    const list = (...more: string[]) => json(['jobs', 'list', ...more, ...at]) as Promise<unknown[]>
    expect(argumentsOf((await list())[0])).to.deep.equal(masked)
    expect(argumentsOf((await list('--unfiltered'))[0])).to.deep.equal(given)
    expect(argumentsOf(await json(['jobs', 'show', '1', ...at]))).to.deep.equal(masked)
    expect(argumentsOf(await json(['jobs', 'show', '1', '--unfiltered', ...at]))).to.deep.equal(given)
    expect((await regaugeHere(['jobs', 'show', '1', ...at])).stdout)
      .to.include('"password": "[FILTERED]"')
      .and.not.include('"p"')
    expect((await regaugeHere(['jobs', 'show', '1', '--unfiltered', ...at])).stdout).to.include('"password": "p"')
  })

  it('shows a job whose data can not be read as such, among the others', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('world')])
    await backend.close()
    const journal = join(root, 'storage/jobs/development/00000001.journal')
    const broken = record(put({ sequence: 7, texts: [text('default'), text('Greet'), text('{"job_id":')] }))
    appendFileSync(journal, frame(broken, await saltOfFile(journal)))
    const at = ['--root', root]
    const listed = await regaugeHere(['jobs', 'list', ...at])
    expect(listed.stdout).to.match(/^1 +waiting.*\n7 +waiting.*JobDataUnreadable: The data of the job 7 \(Greet\) can't be read/)
    const shown = await regaugeHere(['jobs', 'show', '7', ...at])
    expect([shown.status, shown.stdout]).to.satisfy(([status, text]: [number, string]) => status === 0 && /they are no JSON\.$/m.test(text))
    expect(await json(['jobs', 'show', '7', ...at])).to.deep.include({ id: '7', data: {} })
  })

  it('shows how far a job is and what it logged, and lists completed jobs where they are kept', async function () {
    this.timeout(60_000)
    const root = applicationWith({
      'config/application.ts': `import { configure } from 'regauge'
export default configure((config) => { config.jobs.retention.completed = { count: 5 } })
`,
      'app/jobs/count.ts': `import { Job } from 'regauge'
export class Count extends Job {
  perform(to: number) {
    this.updateProgress({ done: to })
    this.appendLog('counted to \u001b[1m' + to)
    return { doubled: to * 2, password: 'p' }
  }
}
`,
    })
    const backend = await queueIn(root)
    await backend.add([{ queue: 'default', name: 'Count', data: { job_id: 'a', arguments: [21] } }])
    await backend.close()
    const at = ['--root', root]
    await json(['jobs', 'drain', ...at])
    expect((await regaugeHere(['jobs', 'list', 'completed', ...at])).stdout).to.match(/^1 +completed +default +Count/)
    const shown = (await regaugeHere(['jobs', 'show', '1', ...at])).stdout
    expect(shown)
      .to.match(/^result +\{"doubled":42,"password":"\[FILTERED\]","_aj_symbol_keys":\["doubled","password"\]\}$/m)
      .and.match(/^progress +\{"done":21\}$/m)
    expect(shown).to.include('| counted to \\x1b[1m21\n').and.not.include('"logs"')
    const result = { doubled: 42, password: '[FILTERED]', _aj_symbol_keys: ['doubled', 'password'] }
    expect(await json(['jobs', 'show', '1', ...at])).to.deep.include({ result, progress: { done: 21 } })
  })

  it('shows no control characters of errors and names', async function () {
    this.timeout(60_000)
    const root = applicationWith({
      'app/jobs/rude.ts': `import { Job } from 'regauge'
export class Rude extends Job {
  perform() {
    throw new Error('first\\nsecond \\u001b]0;title\\u0007')
  }
}
`,
    })
    const backend = await queueIn(root)
    await backend.add([{ queue: 'low\u001b[2J', name: 'Rude', data: { job_id: 'a', arguments: [] } }])
    await backend.close()
    const at = ['--root', root]
    await json(['jobs', 'drain', ...at])
    const listed = (await regaugeHere(['jobs', 'list', ...at])).stdout
    expect(listed.trimEnd().split('\n')).to.have.length(1)
    expect(listed).to.include('low\\x1b[2J').and.include('first\\x0asecond \\x1b]0;title\\x07')
    const again = await queueIn(root)
    await again.add([{ queue: 'low', name: 'Later', data: { arguments: ['\u009b2J\u007f'] }, runAt: 1e300 }])
    await again.pause('low\u009b2J')
    await again.close()
    const later = await regaugeHere(['jobs', 'list', 'delayed', ...at])
    expect(later.stdout).to.match(/^2 +delayed +low +Later +attempts 0 +at 1e\+300/)
    const texts = await Promise.all(
      [['jobs', 'show', '2'], ['jobs', 'show', '2', '--json'], ['jobs']].map((words) => regaugeHere([...words, ...at])),
    )
    expect(texts[0]!.stdout)
      .to.include('\\u009b2J\\u007f')
      .and.match(/^runAt +1e\+300$/m)
    expect(texts[2]!.stdout).to.include('paused queues: low\\x9b2J')
    for (const { stdout } of texts) expect(/[^\P{Cc}\n]/u.test(stdout)).to.equal(false)
    const refused = await regaugeHere(['jobs', 'show', 'x\u009b', ...at])
    expect(/[^\P{Cc}\n]/u.test(refused.stderr)).to.equal(false)
    const shown = (await regaugeHere(['jobs', 'show', '1', ...at])).stdout
    expect(shown).to.include('second \\x1b]0;title\\x07\n')
    expect(/[^\P{Cc}\n]/u.test(listed + shown)).to.equal(false)
  })

  it('asks the process that serves', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const server = startRegauge(['server', '--port', '0', '--root', root])
    await server.prints(/listening|http:/i)
    const at = ['--root', root]
    expect(await json(['jobs', 'pause', 'mailers', ...at])).to.deep.equal({ queue: 'mailers', paused: true })
    expect(await json(['jobs', ...at])).to.deep.include({ pausedQueues: ['mailers'] })
    expect(await json(['jobs', 'resume', 'mailers', ...at])).to.deep.equal({ queue: 'mailers', paused: false })
    const watching = startRegauge(['jobs', 'watch', '--json', ...at])
    await watching.prints(/"waiting":0/)
    watching.process.kill('SIGINT')
    expect((await watching.ended).status).to.equal(0)
  })

  it('says so when the process that serves is of another version', async function () {
    this.timeout(60_000)
    const root = applicationWith(files)
    const folder = join(root, 'storage/jobs/development')
    mkdirSync(folder, { recursive: true })
    const answer = { kind: 'answer', id: 0, result: { protocol: 99 } }
    const server = createServer(
      (socket) =>
        void socket
          .on('error', () => {})
          .resume()
          .write(`${JSON.stringify(answer)}\n`),
    )
    server.listen(join(folder, 'other.sock'))
    await once(server, 'listening')
    writeFileSync(join(folder, 'socket'), 'other.sock')
    const { status, stderr } = await regaugeHere(['jobs', '--root', root])
    server.close()
    expect(status).to.equal(1)
    expect(stderr).to.match(/version 99 of the protocol was met.*restart the older ones/s)
  })

  it('says which job or state does not exist', async function () {
    this.timeout(60_000)
    const at = ['--root', applicationWith(files)]
    const wrong = (await Promise.all([regaugeHere(['jobs', 'list', 'faild', ...at])])) as Outcome[]
    expect([wrong[0]!.status, wrong[0]!.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 1 && /Did you mean failed/.test(text),
    )
    const missing = await regaugeHere(['jobs', 'show', '99', ...at])
    expect([missing.status, missing.stderr]).to.satisfy(([status, text]: [number, string]) => status === 1 && /no job 99/.test(text))
  })

  it('says which command was meant', async () => {
    const mistyped = await regaugeHere(['jobs', 'liste'])
    expect(mistyped).to.deep.include({ status: 2, stdout: '' })
    expect(mistyped.stderr).to.include("unknown command 'jobs liste'\n(Did you mean jobs list?)")
    expect((await regaugeHere(['jobs', 'nonsense'])).stderr).to.include("unknown command 'jobs nonsense'\n")
  })

  it('refuses what a command does not take, and says where it is explained', async () => {
    const two = await regaugeHere(['jobs', 'pause', 'mailers', 'default'])
    expect(two).to.deep.include({ status: 2, stdout: '' })
    expect(two.stderr).to.include("too many arguments for 'pause'").and.to.include('Run `regauge jobs pause --help` for its options.')
  })

  it('says what a move to another backend would move, and refuses what makes no sense', async function () {
    this.timeout(240_000)
    const root = applicationWith(files)
    const backend = await queueIn(root)
    await backend.add([greet('world')])
    await backend.close()
    const words = ['jobs:move', '--root', root, '--from', 'embedded', '--to']
    const report = await json([...words, 'bullmq', '--connection', 'redis://127.0.0.1:1', '--dry-run'])
    expect(report).to.deep.include({ from: 'embedded', to: 'bullmq', dryRun: true, schedules: 0, running: 0 })
    expect((report as { moved: object }).moved).to.include({ waiting: 1, failed: 0 })
    const same = await regaugeHere([...words, 'embedded'])
    expect([same.status, same.stderr]).to.satisfy(([status, text]: [number, string]) => status === 1 && /another backend/.test(text))
    const unknown = await regaugeHere([...words, 'bulmq'])
    expect(unknown.stderr).to.match(/Did you mean bullmq/)
  })

  it('lists recurring jobs and subscribers', async function () {
    this.timeout(60_000)
    const at = ['--root', applicationWith(files)]
    const [schedule] = (await json(['schedules', '--env', 'production', ...at], { SECRET_KEY_BASE: 'a'.repeat(128) })) as Record<
      string,
      unknown
    >[]
    expect(schedule).to.deep.include({ key: 'nightly', job: 'Greet', queue: 'slow', cron: '0 5 * * *', timeZone: 'Europe/Paris' })
    expect(schedule!['nextAt']).to.match(/T0[34]:00:00\.000Z$/)
    expect((await regaugeHere(['schedules', ...at])).stdout).to.equal('no recurring jobs\n')
    const how = { deferred: true, inTransaction: false, everyProcess: false, priority: 5 }
    // Other tests have left subscribers in this process.
    const [listed, text] = await Promise.all([regauge(['events', ...at, '--json']), regauge(['events', ...at])])
    expect(listed.stderr).to.equal('')
    expect(JSON.parse(listed.stdout)).to.deep.equal([{ event: 'OrderPlaced', subscriber: 'Audit', ...how }])
    expect(text.stdout).to.equal('OrderPlaced  Audit  deferred  priority 5\n')
  })
})
