import { expect } from 'chai'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge, type RunningCommand, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge console', () => {
  let root: string

  before(async () => {
    root = await ordersWithDatabase()
  })
  after(() => {
    endCommands()
    removeFolders()
  })

  const type = (...lines: string[]) => regauge(['console', '--root', root], { input: `${lines.join('\n')}\n` })

  it('evaluates what comes through a pipe, and prints the results alone', async () => {
    const outcome = await type('await Order.count()', '1 + 1', 'app.config.name')
    expect(outcome).to.deep.equal({ status: 0, stdout: "0\n2\n'Orders'\n", stderr: '' })
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

describe('regauge console while its input lasts', () => {
  let console: RunningCommand
  let asked = 0
  before(async () => {
    console = startRegauge(['console', '--root', await ordersWithDatabase()], { keepsInput: true })
  })
  after(async () => {
    console.process.stdin!.end()
    const { status, stderr } = await console.ended
    removeFolders()
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
  })

  /** What it prints of these lines, between what it is made to print before and after them. */
  const printed = async (...lines: string[]) => {
    const [begin, end] = [`begin of ${++asked}`, `end of ${asked}`]
    console.process.stdin!.write([`'${begin}'`, ...lines, `'${end}'`, ''].join('\n'))
    return (await console.prints(new RegExp(`^'${begin}'\n([^]*)^'${end}'\n`, 'm')))[1]
  }

  it('evaluates each line when the one before is done, and waits for promises and relations', async () => {
    const text = await printed('Order.create({ amount: 2, product_id: 1 })', 'await Order.count()', 'Order.where({ amount: 2 })')
    expect(text).to.match(/^#<Order id: 1, amount: 2[^\n]*\n1\n\[\n {2}#<Order id: 1/)
  })

  it('takes statements of several lines, and remembers variables', async () => {
    const text = await printed('const double = (x) => {', '  return x * 2', '}', 'const four = await Promise.resolve(double(2))', 'four')
    expect(text).to.match(/^(undefined\n){2}4\n$/)
  })

  it('knows what the package exports', async () => {
    expect(await printed("pluralize('order')")).to.equal("'orders'\n")
  })
})

async function ordersWithDatabase(): Promise<string> {
  const root = ordersWith()
  const { status, stderr } = await regaugeHere(['db:push', '--root', root])
  expect(status, stderr).to.equal(0)
  return root
}
