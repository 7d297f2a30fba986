import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { expect } from 'chai'
import type { Channel, Configuration, Job } from 'regauge'
import { type TestApplication, testApplication } from 'regauge/testing'
import { io } from 'socket.io-client'
import WebSocket from 'ws'
import { applicationWith, ordersWith, removeFolders } from './folder.ts'

const endlessJob = `import { Job } from 'regauge'

export class EndlessJob extends Job {
  perform() {
    process.emit('endless-job' as never)
    return new Promise<void>(() => {})
  }
}
`
const orderChannel = `import { Channel } from './application_cable/channel.ts'
import { Order } from '../models/order.ts'

export class OrderChannel extends Channel {
  async subscribed() {
    this.streamFor(await Order.find(Number(this.params.id)))
  }
}
`

describe('stopping an application', () => {
  let application: TestApplication

  const start = async (root: string, configure: (config: Configuration) => void = () => {}) => {
    application = await testApplication({
      root,
      configure: (config) => {
        config.http.shutdownTimeout = 100
        configure(config)
      },
    })
  }
  afterEach(async () => {
    await application.stop()
    removeFolders()
  })

  it('closes WebSockets of both transports, and tells their clients', async () => {
    await start(ordersWith())
    const headers = { origin: application.url }
    const webSocket = new WebSocket(`${application.url.replace('http', 'ws')}/cable`, ['actioncable-v1-json'], { headers })
    const messages: string[] = []
    webSocket.on('message', (data) => void messages.push(String(data)))
    await new Promise((resolve) => webSocket.once('message', resolve))
    const socket = io(application.url, { transports: ['websocket'], reconnection: false })
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    const closed = Promise.all([
      new Promise((resolve) => webSocket.once('close', resolve)),
      new Promise((resolve) => socket.once('disconnect', resolve)),
    ])
    await application.stop()
    await closed
    expect(JSON.parse(messages.at(-1)!)).to.deep.equal({ type: 'disconnect', reason: 'server_restart', reconnect: true })
  })

  it('does not wait for connections that are kept alive, nor for those that say nothing', async () => {
    await start(applicationWith({}), (config) => {
      config.http.shutdownTimeout = 60_000
    })
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve, reject) => {
      get(`${application.url}/nothing`, { agent }, (response) => response.resume().once('end', resolve)).once('error', reject)
    })
    await application.stop()
    agent.destroy()
  })

  it('cuts a connection that sent half a request when the bound has passed', async () => {
    await start(applicationWith({}))
    const { port, hostname } = new URL(application.url)
    const socket = connect(Number(port), hostname)
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    await new Promise<void>((resolve) => socket.write('GET / HTTP/1.1\r\nHost: x\r\n', () => resolve()))
    const closed = new Promise((resolve) => socket.once('error', () => {}).once('close', resolve))
    await application.stop()
    await closed
  })

  it('does not wait for a job beyond the bound, and the job is there when the application starts again', async () => {
    const root = applicationWith({ 'app/jobs/endless_job.ts': endlessJob })
    await start(root, (config) => {
      config.jobs.directory = 'jobs'
    })
    const runs = new Promise((resolve) => process.once('endless-job' as never, resolve))
    const { EndlessJob } = (await import(`${root}/app/jobs/endless_job.ts`)) as { EndlessJob: typeof Job }
    await application.run(() => (EndlessJob as unknown as { performLater(): Promise<unknown> }).performLater())
    await runs
    await application.stop()
    await start(root, (config) => {
      Object.assign(config.jobs, { directory: 'jobs', run: false })
    })
    const { waiting, active, delayed } = await application.application.jobs!.counts()
    expect(waiting + active + delayed).to.equal(1)
  })

  it('stops once, however often it is asked', async () => {
    await start(applicationWith({}))
    const stops = [application.application.stop(), application.application.stop()]
    expect(stops[0]).to.equal(stops[1])
    await Promise.all(stops)
  })
})

describe('the name of the application in GlobalIDs', () => {
  afterEach(removeFolders)

  /** The stream of the first order, with this name of the application and this setting. */
  const streamWith = async (name: string, setting = ''): Promise<string> => {
    const root = ordersWith({
      'app/channels/order_channel.ts': orderChannel,
      'config/application.ts': `import { configure } from 'regauge'\nexport default configure((config) => {\n  config.name = '${name}'\n  ${setting}\n})\n`,
    })
    const application = await testApplication({ root })
    await application.post('/orders', { json: { order: { amount: 1, product_id: 1 } }, headers: { 'x-api-key': 'secret' } })
    const { OrderChannel } = (await import(`${root}/app/channels/order_channel.ts`)) as { OrderChannel: typeof Channel }
    const { Order } = (await import(`${root}/app/models/order.ts`)) as { Order: { find(id: number): Promise<object> } }
    const stream = await application.run(async () => OrderChannel.broadcastingFor(await Order.find(1)))
    await application.stop()
    return stream
  }

  it('is the one of the application, as Rails writes it', async () => {
    expect(await streamWith('MyShop')).to.equal(`order:${Buffer.from('gid://my-shop/Order/1').toString('base64url')}`)
  })

  it('is what the configuration says', async () => {
    const stream = await streamWith('MyShop', "config.globalIdApplication = 'store'")
    expect(stream).to.equal(`order:${Buffer.from('gid://store/Order/1').toString('base64url')}`)
  })
})
