import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { endCommands, type RunningCommand, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const headers = { 'content-type': 'application/json', 'x-api-key': 'secret' }
/** Jobs that wait for a word before they do anything, so that the process dies while they run or wait. */
const heldJob = `import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Order } from '../models/order.ts'
import { ApplicationJob } from './application_job.ts'

export class SendOrderConfirmation extends ApplicationJob {
  async perform(orderId: number) {
    while (!existsSync('tmp/go')) await pause(10)
    await (await Order.find(orderId)).updateOrThrow({ confirmed_at: new Date() })
  }
}
`

describe('a server that is killed', () => {
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('runs every acknowledged job when it comes back: those that waited and those that ran', async () => {
    const root = ordersWith({ 'app/jobs/send_order_confirmation.ts': heldJob, 'tmp/.keep': '' })
    expect((await regaugeHere(['db:push', '--root', root])).status).to.equal(0)
    const first = startRegauge(['server', '--root', root, '--port', '0'], { cwd: root })
    const url = await urlOf(first)
    for (let amount = 1; amount <= 15; amount++) {
      const body = JSON.stringify({ order: { amount, product_id: 1 } })
      expect((await fetch(`${url}/orders`, { method: 'POST', headers, body })).status).to.equal(201)
    }
    first.process.kill('SIGKILL')
    await first.ended

    const second = startRegauge(['server', '--root', root, '--port', '0'], { cwd: root })
    const again = await urlOf(second)
    await second.prints(
      /INFO {2}Jobs that ran when the process before ended are run again: SendOrderConfirmation \((\d+)\) interrupted=\1\n/,
    )
    writeFileSync(join(root, 'tmp/go'), '')
    for (;;) {
      const orders = (await (await fetch(`${again}/orders`, { headers })).json()) as { confirmed_at: string | null }[]
      expect(orders).to.have.length(15)
      if (orders.every(({ confirmed_at }) => confirmed_at !== null)) break
    }
    second.process.kill('SIGTERM')
    expect((await second.ended).status).to.equal(0)
  }).timeout(60_000)
})

async function urlOf(server: RunningCommand): Promise<string> {
  return (await server.prints(/http:\/\/[^\s/]+/))[0]
}
