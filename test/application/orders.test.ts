import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { type Application, boot } from 'regauge'
import { databaseTasks } from '../../src/application/index.ts'
import { io } from 'socket.io-client'

const source = resolve(import.meta.dirname, '../applications/orders')
const repository = resolve(import.meta.dirname, '../..')

describe('one action that creates, enqueues, publishes, broadcasts and renders', () => {
  let root: string
  let application: Application
  let url: string

  const start = async (runsJobs: boolean) => {
    application = await boot({
      root,
      env: 'test',
      configure: (config) => {
        Object.assign(config.http, { port: 0, host: '127.0.0.1' })
        config.jobs.run = runsJobs
      },
    })
    url = (await application.start()).url
  }
  const place = (order: object, headers: Record<string, string> = { 'x-api-key': 'secret' }) =>
    fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ order }) })

  beforeEach(async () => {
    mkdirSync(join(repository, 'tmp'), { recursive: true })
    root = mkdtempSync(join(repository, 'tmp', 'orders-')) // inside the package, so that 'regauge' is found
    cpSync(source, root, { recursive: true, filter: (path) => !/generated|storage/.test(path) })
    await (await databaseTasks(root, 'test')).push({})
    await start(false)
  })
  afterEach(async () => {
    await application.stop()
    rmSync(root, { recursive: true, force: true })
  })

  it('answers 201 with the order, and the socket client gets the message', async () => {
    const socket = io(url, { transports: ['websocket'] })
    const message = new Promise((done) => socket.on('message', (_identifier: unknown, data: unknown) => done(data)))
    await new Promise((done) => socket.on('connect', () => socket.emit('subscribe', { channel: 'OrdersChannel' }, done)))

    const response = await place({ amount: 3, product_id: 7, tags: ['new'], confirmed_at: '2026-01-01' })
    const order = (await response.json()) as Record<string, unknown>

    expect(response.status).to.equal(201)
    expect(order).to.include({ id: 1, amount: 3, product_id: 7, confirmed_at: null })
    expect(order['tags']).to.deep.equal(['new'])
    expect(await message).to.deep.equal({ status: 'created', order_id: 1 })
    socket.close()
  })

  it('keeps the job and the deferred subscriber through a restart, and runs both', async () => {
    await place({ amount: 3, product_id: 7 })
    await place({ amount: 2, product_id: 7 })
    expect((await application.jobs!.counts()).waiting).to.equal(4)
    await application.stop()

    await start(true)
    await idle(application)

    const order = (await (await fetch(`${url}/orders/1`, { headers: { 'x-api-key': 'secret' } })).json()) as Record<string, unknown>
    expect(order['confirmed_at']).to.be.a('string')
    expect(await application.run(() => soldOf(7))).to.equal(5)
  })

  it('halts when the callback has rendered', async () => {
    const response = await place({ amount: 3, product_id: 7 }, {})
    expect(response.status).to.equal(401)
    expect((await application.jobs!.counts()).waiting).to.equal(0)
  })

  it('refuses an order that is not valid with 422, and enqueues nothing', async () => {
    const response = await place({ amount: 0, product_id: 7 })
    expect(response.status).to.equal(422)
    expect((await application.jobs!.counts()).waiting).to.equal(0)
  })

  it('answers 400 when the parameter is missing', async () => {
    const response = await fetch(`${url}/orders`, { method: 'POST', headers: { 'x-api-key': 'secret' } })
    expect(response.status).to.equal(400)
  })

  it('rescues an error with the handler of the class', async () => {
    const response = await fetch(`${url}/orders/99`, { headers: { 'x-api-key': 'secret' } })
    expect(response.status).to.equal(404)
    expect(await response.json()).to.deep.equal({ error: "Couldn't find Order with 'id'=99" })
  })

  async function soldOf(productId: number): Promise<number | undefined> {
    const { Inventory } = (await import(join(root, 'app/models/inventory.ts'))) as {
      Inventory: { findBy(where: object): Promise<{ sold: number } | null> }
    }
    return (await Inventory.findBy({ product_id: productId }))?.sold
  }
})

/** Resolves when no job waits or runs. */
async function idle(application: Application): Promise<void> {
  for (;;) {
    const { waiting, active, delayed } = await application.jobs!.counts()
    if (waiting + active + delayed === 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
