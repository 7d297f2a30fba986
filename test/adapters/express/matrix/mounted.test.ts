import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import client from 'prom-client'
import type { Middleware } from '../../../../src/http/index.ts'
import { inEveryHost } from '../hosts.ts'

describe('what teams mount at a path', () => {
  let legacy: Server
  before(async () => {
    legacy = createServer((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => res.setHeader('x-legacy', '1').end(`${req.method} ${req.url} ${Buffer.concat(chunks)}`))
    })
    await new Promise<void>((resolve) => legacy.listen(0, '127.0.0.1', resolve))
    process.env['PROXY_TARGET'] = `http://127.0.0.1:${(legacy.address() as AddressInfo).port}`
  })
  after(() => {
    delete process.env['PROXY_TARGET']
    legacy.closeAllConnections()
    legacy.close()
  })

  inEveryHost((host) => {
    it('graphql-http answers queries', async () => {
      const url = await host.serve([])
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: '{ hello }' }),
      })
      expect([answer.status, await answer.json()]).to.deep.equal([200, { data: { hello: 'world' } }])
    })

    it('swagger-ui-express serves its page and the files of the page', async () => {
      const url = await host.serve([])
      expect(await (await fetch(`${url}/api-docs/`)).text()).to.include('Swagger UI')
      const script = await fetch(`${url}/api-docs/swagger-ui-bundle.js`)
      expect([script.status, script.headers.get('content-type')]).to.deep.equal([200, 'text/javascript; charset=utf-8'])
      await script.body?.cancel()
    })

    it('http-proxy-middleware hands requests with their bodies on', async () => {
      const url = await host.serve([])
      const answer = await fetch(`${url}/legacy/orders?page=2`, { method: 'POST', body: 'amount=1' })
      expect([answer.status, answer.headers.get('x-legacy'), await answer.text()]).to.deep.equal([200, '1', 'POST /orders?page=2 amount=1'])
    })

    it('prom-client measures requests in the stack, and is read at a path', async () => {
      const registry = new client.Registry()
      const durations = new client.Histogram({ name: 'seconds', help: 'Time a request.', labelNames: ['status'], registers: [registry] })
      let observed: () => void = () => {}
      const isObserved = new Promise<void>((resolve) => {
        observed = resolve
      })
      const measure: Middleware = (_req, res, next) => {
        const end = durations.startTimer()
        res.once('finish', () => {
          end({ status: res.statusCode })
          observed()
        })
        next()
      }
      const url = await host.serve([measure])
      await (await fetch(`${url}/hello/ann`)).text()
      await isObserved
      expect(await registry.metrics()).to.include('seconds_count{status="200"} 1')
      expect(await (await fetch(`${url}/metrics`)).text()).to.match(/^seen_total [1-9]/m)
    })
  })
})
