import { connect } from 'node:net'
import { expect } from 'chai'
import { type AllowedHost, forceSsl, hostAuthorization, type Request, type SslOptions } from '../../src/http/index.ts'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { years } from '../../src/jobs/index.ts'
import { sendRaw, serve, stopServing } from './serving.ts'

describe('guards', () => {
  before(() => useLogger(createLogger({ level: 'silent' })))
  after(() => useLogger(undefined))
  afterEach(stopServing)

  describe('of hosts', () => {
    const statusOf = async (hosts: AllowedHost[], host: string, more = ''): Promise<string> => {
      const url = await serve((_request, response) => void (response.body = 'in'), { guards: [hostAuthorization({ hosts })] })
      const answer = await sendRaw(url, `GET / HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`)
      return answer.slice(9, 12)
    }

    it('let in names with their direct subdomains, networks, patterns and what a function says', async () => {
      expect(await statusOf(['.example.com'], 'api.example.com:3000')).to.equal('200')
      expect(await statusOf(['.example.com'], 'a.b.example.com')).to.equal('403')
      expect(await statusOf(['10.0.0.0/8', '::1/128'], '10.1.2.3:80')).to.equal('200')
      expect(await statusOf(['10.0.0.0/8', '::1/128'], '[::1]:80')).to.equal('200')
      expect(await statusOf(['10.0.0.0/8', '::1/128'], '11.1.2.3')).to.equal('403')
      expect(await statusOf([/api-\d+\.internal/g], 'api-1.internal')).to.equal('200')
      expect(await statusOf([/api-\d+\.internal/m], 'api-1.internal.evil')).to.equal('403')
      expect(await statusOf([(host) => host === 'x'], 'x')).to.equal('200')
    })

    it('take no name for a pattern, and no address for a name', async () => {
      expect(await statusOf(['a.example'], 'aXexample')).to.equal('403')
      expect(await statusOf(['127.0.0.1'], '127.0.0.1:3000')).to.equal('200')
      expect(await statusOf(['0.0.0.0/0'], '1.2.3.4.evil.example')).to.equal('403')
    })

    it('look at the forwarded host too, and at neither when it is longer than any', async () => {
      expect(await statusOf(['a.example'], 'a.example', 'X-Forwarded-Host: evil.example\r\n')).to.equal('403')
      expect(await statusOf([() => true], 'x'.repeat(600))).to.equal('403')
    })

    it('refuse networks that are none at boot', () => {
      for (const network of ['10.0.0.0/33', '10.0.0/8', 'example.com/8', '::/129', '10.0.0.0/x'])
        expect(() => hostAuthorization({ hosts: [network] })).to.throw(`'${network}' in config.hosts is no network such as '10.0.0.0/8'.`)
    })
  })

  describe('of TLS', () => {
    const served = (options: SslOptions, request = {}) =>
      serve(
        (request: Request, response) => {
          response.body = request.protocol
          response.setHeader('set-cookie', ['a=1', 'insecure=2; path=/'])
        },
        { guards: [forceSsl(options)], request },
      )
    const overTls = { headers: { 'x-forwarded-proto': 'https' } }

    it('tell browsers to stay for as long as a duration says', async () => {
      const url = await served({ hsts: { expires: years(1), subdomains: false, preload: true } })
      const { headers } = await fetch(url, overTls)
      expect(headers.get('strict-transport-security')).to.equal('max-age=31556952; preload')
      expect(headers.getSetCookie()).to.deep.equal(['a=1; secure', 'insecure=2; path=/; secure'])
    })

    it('keep the path and the query of a redirect, whatever is in them', async () => {
      const url = new URL(await served({ redirect: { host: 'shop.example', port: 8443, status: 308 } }))
      const answer = await sendRaw(url.href, 'POST //evil.example/%0d%0aX:1?a=%0d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      expect(answer).to.match(/^HTTP\/1\.1 308 /)
      expect(answer).to.match(/\r\nlocation: https:\/\/shop\.example:8443\/\/evil\.example\/%0d%0aX:1\?a=%0d\r\n/i)
    })

    it('redirect nobody whose proxy is known to have spoken TLS', async () => {
      const url = await served({}, { assumeSsl: true })
      expect(await (await fetch(url)).text()).to.equal('https')
    })
  })

  it('are asked one after the other until one has answered, and their errors are answered', async () => {
    const asked: string[] = []
    const url = await serve(() => {}, {
      guards: [
        () => void asked.push('first') as never,
        (request) => {
          asked.push('second')
          if (request.path === '/fail') throw new Error('a guard failed')
          return true
        },
        () => asked.push('third') > 0,
      ],
    })
    expect((await fetch(url)).status).to.equal(200)
    expect((await fetch(`${url}/fail`)).status).to.equal(500)
    expect(asked).to.deep.equal(['first', 'second', 'first', 'second'])
  })

  it('leave a client alone that hangs up', (done) => {
    serve(() => {}, { guards: [forceSsl()] }).then((url) => {
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname, () => socket.end('GET / HTT'))
      socket.on('close', () => done())
      socket.resume()
    })
  })
})
