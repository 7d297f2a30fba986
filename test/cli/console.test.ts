import { expect } from 'chai'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge console', () => {
  let root: string

  before(async () => {
    root = ordersWith()
    const { status, stderr } = await regaugeHere(['db:push', '--root', root])
    expect(status, stderr).to.equal(0)
  })
  afterEach(endCommands)
  after(removeFolders)

  const type = (...lines: string[]) => regauge(['console', '--root', root], { input: `${lines.join('\n')}\n` })

  it('evaluates what comes through a pipe, and prints the results alone', async () => {
    const outcome = await type('await Order.count()', '1 + 1', 'app.config.name')
    expect(outcome).to.deep.equal({ status: 0, stdout: "0\n2\n'Orders'\n", stderr: '' })
  })

  it('evaluates each line when the one before is done, and waits for promises and relations', async () => {
    const { stdout } = await type('Order.create({ amount: 2, product_id: 1 })', 'await Order.count()', 'Order.where({ amount: 2 })')
    expect(stdout).to.match(/^#<Order id: 1, amount: 2[^\n]*\n1\n\[\n {2}#<Order id: 1/)
  })

  it('takes statements of several lines, and remembers variables', async () => {
    const { stdout } = await type('const double = (x) => {', '  return x * 2', '}', 'const four = await Promise.resolve(double(2))', 'four')
    expect(stdout).to.match(/^(undefined\n){2}4\n$/)
  })

  it('shows what was thrown, and goes on', async () => {
    const { status, stdout } = await type(
      "throw new Error('no luck')",
      'nothing',
      "Promise.reject(new Error('bad luck'))",
      'Order.find(99)',
      "'still here'",
    )
    expect(stdout).to.match(
      /no luck[\s\S]*nothing is not defined[\s\S]*bad luck[\s\S]*Couldn't find Order with 'id'=99[\s\S]*'still here'\n$/,
    )
    expect(status).to.equal(0)
  })

  it('ends with .exit', async () => {
    expect(await type("'before'", '.exit', "'after'")).to.deep.equal({ status: 0, stdout: "'before'\n", stderr: '' })
  })

  it('knows what the package exports', async () => {
    expect((await type("pluralize('order')")).stdout).to.equal("'orders'\n")
  })

  it('enqueues jobs, which run when a server starts', async () => {
    const enqueued = await type(
      'await Order.create({ amount: 7, product_id: 7 })',
      'await SendOrderConfirmation.performLater((await Order.last()).id)',
      'await app.jobs.counts()',
    )
    expect(enqueued.stdout).to.match(/waiting: 1/)
    const server = startRegauge(['server', '--root', root, '-p', '0', '--host', '127.0.0.1'])
    const [, url] = await server.prints(/application +(http:\S+)\//)
    const last = async () => ((await (await fetch(`${url}/orders`)).json()) as { amount: number; confirmed_at: string | null }[])[0]!
    let order = await last()
    while (order.confirmed_at === null) order = await last()
    expect(order.amount).to.equal(7)
    const shared = await type('await SendOrderConfirmation.performLater((await Order.last()).id)', 'await app.jobs.counts()')
    expect(shared.stdout).to.match(/failed: 0/)
    expect(shared.stdout).not.to.include('is in use by process')
  })
})
