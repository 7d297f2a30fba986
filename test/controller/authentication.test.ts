import { expect } from 'chai'
import { Controller, encodeBasicCredentials, encodeTokenCredentials } from '../../src/controller/index.ts'
import { constantTimeEqual } from '../../src/messages/index.ts'
import { type Serving, serve } from './serving.ts'

class Secrets extends Controller {
  static {
    this.httpBasicAuthenticateWith({ name: 'ann', password: 'pass:word', realm: 'Sec"rets', only: 'basic' })
    this.beforeAction('token', { only: 'show' })
  }
  async token() {
    await this.authenticateOrRequestWithHttpToken(async (token) => constantTimeEqual(token, 'secret'))
  }
  basic() {
    this.render({ plain: 'in' })
  }
  show() {
    this.render({ plain: 'in' })
  }
}

describe('HTTP authentication', () => {
  let serving: Serving
  before(async () => {
    serving = await serve(Secrets, ['basic', 'show'])
  })
  after(() => serving.close())
  const ask = async (action: string, authorization?: string) =>
    serving.get(action, authorization === undefined ? {} : { headers: { authorization } })
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it('lets a name and password in, and asks others for them', async () => {
    expect((await ask('basic', basic('ann:pass:word'))).text).to.equal('in')
    for (const wrong of [undefined, basic('ann:nope'), basic('bob:pass:word'), basic('ann'), 'Basic', 'Basic %%%', 'Bearer x']) {
      const answer = await ask('basic', wrong)
      expect(answer.status).to.equal(401)
      expect(answer.headers.get('www-authenticate')).to.equal('Basic realm="Secrets"')
    }
  })

  it('lets a token in, in the spellings Rails takes, also when it is checked later', async () => {
    for (const right of ['Bearer secret', 'Token secret', 'Token token="secret", nonce="x"'])
      expect((await ask('show', right)).text).to.equal('in')
    for (const wrong of [undefined, 'Bearer', 'Bearer nope', 'Token token=', 'secret', basic('a:secret')]) {
      const answer = await ask('show', wrong)
      expect([answer.status, answer.text]).to.deep.equal([401, 'HTTP Token: Access denied.\n'])
    }
  })

  it('is written into headers by tests and clients', async () => {
    expect((await ask('basic', encodeBasicCredentials('ann', 'pass:word'))).text).to.equal('in')
    expect((await ask('show', encodeTokenCredentials('secret', { nonce: 'x' }))).text).to.equal('in')
  })

  it('refuses at boot a name or a password that is not set', () => {
    const declare = (name: unknown, password: unknown) => () => {
      class Unset extends Controller {}
      Unset.httpBasicAuthenticateWith({ name, password } as never)
    }
    expect(declare('admin', undefined)).to.throw('Unset lets clients in by a password that is no text, or empty.')
    expect(declare('', 'secret')).to.throw('Unset lets clients in by a name that is no text, or empty.')
  })
})
