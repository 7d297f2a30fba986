import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { docsPage } from '../../../adapters/swagger/index.ts'
import { RawRequest } from './raw_request.ts'

describe('the documentation page', () => {
  let server: Server
  const listen = async (handler: Parameters<typeof createServer>[1]) => {
    server = createServer(handler)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  const page = docsPage({ documentUrl: '/openapi.json', title: 'Shop <API>', connectTo: ['https://api.example.com/v1'] })
  const port = () => (server.address() as AddressInfo).port
  const get = (path: string, options: RequestInit = {}) => fetch(`http://127.0.0.1:${port()}${path}`, options)
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  describe('on its own', () => {
    beforeEach(() => listen((request, response) => page(request, response, () => void response.writeHead(404).end())))

    it('loads everything from the same host', async () => {
      const html = await (await get('/docs')).text()
      const urls = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url as string)
      expect(urls).to.deep.equal(['/docs/favicon-32x32.png', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/initializer.js'])
      for (const url of urls) {
        const response = await get(url)
        expect([url, response.status, response.headers.get('x-content-type-options')]).to.deep.equal([url, 200, 'nosniff'])
        expect((await response.arrayBuffer()).byteLength).to.be.greaterThan(50)
      }
      expect(await (await get('/docs/initializer.js')).text()).to.contain('url: "/openapi.json"')
      expect(html).to.contain('Shop &#60;API&#62;')
    })

    it('allows scripts of this host only', async () => {
      const policy = (await get('/docs/')).headers.get('content-security-policy') ?? ''
      expect(policy).to.contain("default-src 'none'; script-src 'self';")
      expect(policy).to.contain("connect-src 'self' https://api.example.com;")
    })

    it('serves no other file, whatever the path says', async () => {
      const paths = [
        '/docs/index.html',
        '/docs/package.json',
        '/docs/swagger-ui.js',
        '/docs/../package.json',
        '/docs/..%2fpackage.json',
        '/docs//swagger-ui.css',
      ]
      const more = [
        '/docs/%2e%2e/package.json',
        '/docs/constructor',
        '/docs/__proto__',
        '/docsx',
        '/',
        '/swagger-ui.css',
        '/docs/swagger-ui.css/',
      ]
      for (const path of [...paths, ...more]) expect([path, await RawRequest.status(port(), path)]).to.deep.equal([path, 404])
    })

    it('sends files compressed and lets browsers keep them', async () => {
      const first = await get('/docs/swagger-ui.css')
      expect(first.headers.get('content-encoding')).to.equal('gzip')
      const again = await get('/docs/swagger-ui.css', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
      expect(again.status).to.equal(304)
      const plain = await get('/docs/swagger-ui.css', { headers: { 'accept-encoding': 'identity' } })
      expect(plain.headers.get('content-encoding')).to.equal(null)
      expect(await plain.text()).to.equal(await first.text())
    })

    it('leaves other methods to others', async () => {
      expect((await get('/docs', { method: 'POST' })).status).to.equal(404)
    })
  })

  it('works where Express has mounted it, below another path', async () => {
    const application = express()
    const api = express.Router()
    api.use('/docs', page)
    application.use('/api', api)
    await listen(application)
    for (const path of ['/api/docs', '/api/docs/']) {
      expect(await (await get(path)).text()).to.contain('src="/api/docs/swagger-ui-bundle.js"')
    }
    expect(await (await get('/api/docs/initializer.js')).text()).to.contain('url: "/api/openapi.json"')
    expect((await get('/api/docs/other')).status).to.equal(404)
  })

  it('works where only the whole application is mounted', async () => {
    const application = express()
    application.use('/api', page)
    await listen(application)
    expect(await (await get('/api/docs')).text()).to.contain('src="/api/docs/swagger-ui-bundle.js"')
    expect((await get('/api/docs/swagger-ui.css')).status).to.equal(200)
  })
})
