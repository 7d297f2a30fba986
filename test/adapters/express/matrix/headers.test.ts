import { expect } from 'chai'
import compression from 'compression'
import cors from 'cors'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { inEveryHost } from '../hosts.ts'

describe('middleware that sets headers or refuses', () => {
  inEveryHost((host) => {
    it('helmet adds its headers to ours', async () => {
      const url = await host.serve([helmet()])
      const { headers } = await fetch(`${url}/hello/ann`)
      expect(headers.get('content-security-policy')).to.include("default-src 'self'")
      expect(headers.get('strict-transport-security')).to.match(/^max-age=/)
      expect(headers.get('referrer-policy')).to.equal('strict-origin-when-cross-origin')
    })

    it('cors answers preflights itself, and marks what it lets pass', async () => {
      const url = await host.serve([cors({ origin: 'https://a.example', credentials: true })])
      const preflight = await fetch(`${url}/hello/ann`, {
        method: 'OPTIONS',
        headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
      })
      const isStack = host.name.startsWith('our stack')
      // A preflight is no route of ours, so in an Express application our stack leaves it alone.
      expect(preflight.headers.get('access-control-allow-methods')).to.equal(isStack ? null : 'GET,HEAD,PUT,PATCH,POST,DELETE')
      const { headers } = await fetch(`${url}/hello/ann`, { headers: { origin: 'https://a.example' } })
      expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')]).to.deep.equal([
        'https://a.example',
        'true',
      ])
    })

    it('compression compresses what an action renders', async () => {
      const url = await host.serve([compression()])
      const answer = await fetch(`${url}/long`, { headers: { 'accept-encoding': 'gzip' } })
      expect([answer.headers.get('content-encoding'), answer.headers.get('content-length')]).to.deep.equal(['gzip', null])
      expect(((await answer.json()) as { text: string }).text).to.have.lengthOf(10_000)
    })

    it('express-rate-limit counts by the address that its client has behind a proxy', async () => {
      const url = await host.serve([rateLimit({ windowMs: 60_000, limit: 1, standardHeaders: 'draft-7', legacyHeaders: false })])
      const statusFrom = async (ip: string) => (await fetch(`${url}/hello/ann`, { headers: { 'x-forwarded-for': ip } })).status
      expect([await statusFrom('203.0.113.1'), await statusFrom('203.0.113.1'), await statusFrom('203.0.113.2')]).to.deep.equal([
        200, 429, 200,
      ])
    })
  })
})
