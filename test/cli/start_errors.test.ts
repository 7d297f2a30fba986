import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, ordersWith, removeFolders } from '../application/folder.ts'
import { endCommands, type Outcome, regauge, startRegauge } from './command.ts'
import { regaugeHere, type Surroundings } from './in_process.ts'

const nobody = 65_534

describe('a server that cannot start', () => {
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('says that the port is in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const outcome = await regaugeHere(['server', '--root', applicationWith({}), '--host', '127.0.0.1', '-p', String(port)])
    other.close()
    expectSentence(outcome, `Cannot listen on port ${port} of 127.0.0.1: another process is listening there.`)
  })

  it('says that the database is missing, and how to make it', async () => {
    const outcome = await serve(ordersWith())
    expectSentence(outcome, /The database \S+development\.sqlite3 doesn't exist\./)
    expect(outcome.stderr).to.include('regauge db:push')
  })

  it('says that the database is no database', async () => {
    const root = ordersWith({ 'storage/development.sqlite3': 'Dear diary, today I was mistaken for a database.' })
    const outcome = await regauge(['server', '--root', root, '-p', '0'])
    expectSentence(outcome, /The file \S+development\.sqlite3 isn't a SQLite database\./)
  })

  it('says that the database is read-only', async () => {
    const root = ordersWith()
    await regaugeHere(['db:push', '--root', root], { env: { DATABASE_URL: 'file:development.sqlite3' } })
    const unprivileged = `export default () => {\n  if (process.getuid?.() === 0) process.setuid(${nobody})\n}\n` // root may write everything
    mkdirSync(join(root, 'config/initializers'))
    writeFileSync(join(root, 'config/initializers/unprivileged.ts'), unprivileged)
    chmodSync(join(root, 'development.sqlite3'), 0o444)
    chmodSync(root, 0o755)
    const outcome = await regauge(['server', '--root', root, '-p', '0'], { env: { DATABASE_URL: 'file:development.sqlite3' } })
    expectSentence(outcome, /The database \S+development\.sqlite3 can't be written to\./)
  })

  it('says that the database server does not answer', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const root = ordersWith()
    const outcome = await serve(root, { env: { DATABASE_URL: `postgresql://user:hunter2@127.0.0.1:${port}/orders` } })
    expectSentence(outcome, /127\.0\.0\.1|postgres/)
    expect(outcome.stderr).to.not.include('hunter2')
  })

  it('says which other process has the queue of jobs, to whom needs it alone', async () => {
    const root = applicationWith({})
    const first = startRegauge(['server', '--root', root, '-p', '0'])
    await first.prints(/stop with Ctrl-C/)
    const outcome = await regaugeHere([
      'jobs:move',
      '--root',
      root,
      '--from',
      'embedded',
      '--to',
      'bullmq',
      '--connection',
      'redis://127.0.0.1:1',
    ])
    expectSentence(outcome, new RegExp(`The job queue in \\S+ is in use by process ${first.process.pid} on `))
  })

  it('says what PORT should be', async () => {
    const outcome = await regaugeHere(['server', '--root', applicationWith({})], { env: { PORT: 'http' } })
    expectSentence(outcome, "config.http.port can't be 'http'; expected a whole number from 0 to 65535.")
  })

  it('says that production needs a secret', async () => {
    expectSentence(
      await serve(applicationWith({}), { env: { NODE_ENV: 'production', SECRET_KEY_BASE: '' } }),
      'SECRET_KEY_BASE is not set.',
    )
  })

  it('names the file and line of a syntax error', async () => {
    const root = applicationWith({ 'app/models/order.ts': "import { Model } from 'regauge'\n\nexport class Order extends {\n" })
    expectSentence(await serve(root), /app\/models\/order\.ts:[34] could not be loaded: /)
  })

  it('shows the lines of the application that led to an error it threw, and none of ours', async () => {
    const root = applicationWith({
      'app/models/prices.ts': "function load() {\n  throw new Error('no prices')\n}\nexport const prices = load()\n",
    })
    const { status, stderr } = await regauge(['server', '--root', root, '-p', '0'])
    expect(status).to.equal(1)
    expect(stderr).to.include('app/models/prices.ts:2 could not be loaded: no prices')
    const frames = stderr.split('\n').filter((line) => line.startsWith('    at '))
    expect(frames).to.have.lengthOf(2)
    for (const frame of frames) expect(frame).to.include('app/models/prices.ts')
  })

  it('suggests the name that was meant', async () => {
    const routes = "import { draw } from 'regauge'\nexport default draw(({ get }) => {\n  get('up', { to: 'helth#show' })\n})\n"
    const controller = "import { Controller } from 'regauge'\nexport class HealthController extends Controller {\n  show() {}\n}\n"
    const outcome = await serve(applicationWith({ 'config/routes.ts': routes, 'app/controllers/health_controller.ts': controller }))
    expectSentence(outcome, 'Did you mean app/controllers/health_controller.ts?')
  })
})

function serve(root: string, surroundings: Surroundings = {}): Promise<Outcome> {
  return regaugeHere(['server', '--root', root, '-p', '0'], surroundings)
}

/** One sentence and a hint on standard error, nothing on standard output, no stack, exit status 1. */
function expectSentence({ status, stdout, stderr }: Outcome, sentence: string | RegExp): void {
  expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' }, stderr)
  sentence instanceof RegExp ? expect(stderr).to.match(sentence) : expect(stderr).to.include(sentence)
  expect(stderr).to.not.match(/^ {4}at /m)
  expect(stderr.trimEnd().split('\n')).to.have.length.lessThan(3)
}
