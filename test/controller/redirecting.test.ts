import { expect } from 'chai'
import { Controller, controllerSettings, UnsafeRedirect } from '../../src/controller/index.ts'
import { type Serving, serve } from './serving.ts'

class Redirects extends Controller {
  to() {
    this.redirectTo(this.params.string('target')!, { allowOtherHost: this.params.boolean('any') === true })
  }
  moved() {
    this.redirectTo('/new', { status: 'moved_permanently' })
  }
  back() {
    this.redirectBack({ fallbackLocation: '/home' })
  }
  from() {
    this.render({ json: { url: this.urlFrom(this.params.string('target')) ?? null } })
  }
}

describe('redirecting', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(Redirects, ['to', 'moved', 'back', 'from'])
  })
  after(() => serving.close())
  const to = (target: string, more = '') => serving.get(`to?target=${encodeURIComponent(target)}${more}`)

  it('leads to a path of this host', async () => {
    const answer = await to('/orders?page=2')
    expect(answer.status).to.equal(302)
    expect(answer.headers.get('location')).to.match(/^http:\/\/127\.0\.0\.1:\d+\/orders\?page=2$/)
    expect((await serving.get('moved')).status).to.equal(301)
  })

  it('never leaves the host unasked', async () => {
    const elsewhere = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'http://127.0.0.1@evil.example',
      'javascript:alert(1)',
      'evil',
      '/\t/evil.example',
      'http:evil.example',
    ]
    for (const target of elsewhere) {
      const answer = await to(target)
      expect([answer.status, answer.headers.get('location')], target).to.deep.equal([500, null])
      expect(serving.reported.pop(), target).to.be.instanceOf(UnsafeRedirect)
    }
  })

  it('leaves it when that is allowed', async () => {
    expect((await to('https://other.example/a', '&any=true')).headers.get('location')).to.equal('https://other.example/a')
    controllerSettings.allowedRedirectHosts = ['.friend.example']
    try {
      expect((await to('https://a.friend.example/')).status).to.equal(302)
      expect((await to('https://notfriend.example/')).status).to.equal(500)
    } finally {
      controllerSettings.allowedRedirectHosts = []
    }
  })

  it('leads back to where the client came from, on this host', async () => {
    const back = async (referer: string) => (await serving.get('back', { headers: { referer } })).headers.get('location')
    expect(await back('http://127.0.0.1/there')).to.equal('http://127.0.0.1/there')
    expect(await back('https://evil.example/')).to.match(/\/home$/)
  })

  it('tells whether a location from outside is safe', async () => {
    const from = async (target: string) =>
      ((await serving.get(`from?target=${encodeURIComponent(target)}`)).json as { url: string | null }).url
    expect([await from('/a'), await from('//evil.example'), await from('https://evil.example')]).to.deep.equal(['/a', null, null])
  })
})
