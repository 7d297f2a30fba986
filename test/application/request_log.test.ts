import { expect } from 'chai'
import { type TestApplication, testApplication } from 'regauge/testing'
import { ordersWith, removeFolders } from './folder.ts'

type Line = [message: string, fields: Record<string, unknown>]

describe('the line of a request in the log', () => {
  let application: TestApplication

  const start = async (format: 'json' | 'text') => {
    application = await testApplication({
      root: ordersWith(),
      configure: (config) => {
        Object.assign(config.log, { level: 'info', format, filterParameters: ['amount'] })
      },
    })
  }
  /** What is written about one request; it is written when the response has gone. */
  const lineOf = async (method: string, path: string, options?: Parameters<TestApplication['request']>[2]): Promise<Line> => {
    const written = new Promise<Line>((resolve) => {
      application.application.logger.info = (said, fields = {}) => {
        const message = String(said)
        if (message.startsWith(method)) resolve([message, { ...fields }])
      }
    })
    await (await application.request(method, path, options)).arrayBuffer()
    return written
  }
  const order = { json: { order: { amount: 3, product_id: 7 } }, headers: { 'x-api-key': 'secret' } }

  afterEach(async () => {
    await application.stop()
    removeFolders()
  })

  it('is a sentence for people, with the parameters that may be seen', async () => {
    await start('text')
    const [message, fields] = await lineOf('POST', '/orders?page=2', order)
    expect(message).to.match(/^POST \/orders 201 in \d+\.\d ms orders#create$/)
    expect(fields).to.deep.equal({ params: { page: '2', order: { amount: '[FILTERED]', product_id: 7 } } })
  })

  it('has a field for each part for machines', async () => {
    await start('json')
    const [message, { duration, request_id, ...fields }] = await lineOf('GET', '/orders/99?page=2', { headers: { 'x-api-key': 'secret' } })
    expect(message).to.equal('GET /orders/99 404')
    expect(fields).to.deep.equal({
      method: 'GET',
      path: '/orders/99',
      status: 404,
      controller: 'orders',
      action: 'show',
      params: { id: '99', page: '2' },
    })
    expect(duration).to.be.a('number')
    expect(request_id).to.be.a('string')
  })

  it('tells why a request was refused, and leaves out what could not be read', async () => {
    await start('text')
    const [message, fields] = await lineOf('POST', '/orders', {
      body: '{',
      headers: { 'content-type': 'application/json', 'x-api-key': 'secret' },
    })
    expect(message).to.match(/^POST \/orders 400 in .* orders#create \(ParseError: .*not valid JSON/)
    expect(fields).to.deep.equal({})
  })

  it('is not written for paths that the configuration names', async () => {
    const lines: string[] = []
    application = await testApplication({
      root: ordersWith(),
      configure: (config) => Object.assign(config.log, { level: 'info', format: 'text', silencedPaths: ['/orders/1', /^\/up/] }),
    })
    application.application.logger.info = (message) => lines.push(String(message))
    for (const path of ['/orders/1', '/up/all', '/nowhere']) await (await application.get(path)).arrayBuffer()
    while (lines.length === 0) await new Promise(setImmediate)
    expect(lines.filter((line) => line.startsWith('GET')).map((line) => line.split(' ')[1])).to.deep.equal(['/nowhere'])
  })

  it('has the path that was asked for, also of something mounted', async () => {
    await start('text')
    expect((await lineOf('GET', '/cable'))[0]).to.match(/^GET \/cable 404/)
    expect((await lineOf('GET', '/docs/'))[0]).to.match(/^GET \/docs\/ 200/)
  })
})
