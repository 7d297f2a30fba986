import { expect } from 'chai'
import { compileAction, Controller, describeCallbacks, UnknownAction } from '../../src/controller/index.ts'
import { type Serving, serve } from './serving.ts'

describe('actions that a route names as Rails does', () => {
  class Accounts extends Controller {
    static {
      this.beforeAction((controller) => controller.response.setHeader('x-only', 'yes'), { only: 'verify_credentials' })
      this.beforeAction((controller) => controller.response.setHeader('x-camel', 'yes'), { only: 'verifyCredentials' })
      this.beforeAction((controller) => controller.response.setHeader('x-except', 'yes'), { except: 'verify_credentials' })
      this.paramEncoding('verify_credentials', 'name', 'shift_jis')
    }
    verifyCredentials() {
      this.render({ json: { action: this.actionName } })
    }
    export_all() {
      this.render({ json: { action: this.actionName } })
    }
    _hidden() {
      this.head('ok')
    }
  }
  let serving: Serving
  before(async () => {
    serving = await serve(Accounts, ['verify_credentials', 'verifyCredentials', 'export_all'])
  })
  after(() => serving.close())

  it('are methods in camel case, and keep their name', async () => {
    expect((await serving.get('verify_credentials')).json).to.deep.equal({ action: 'verify_credentials' })
    expect((await serving.get('verifyCredentials')).json).to.deep.equal({ action: 'verifyCredentials' })
    expect((await serving.get('export_all')).json).to.deep.equal({ action: 'export_all' })
  })

  it('are meant by only and except in either spelling', async () => {
    for (const name of ['verify_credentials', 'verifyCredentials']) {
      const { headers } = await serving.get(name)
      expect([headers.get('x-only'), headers.get('x-camel'), headers.get('x-except')]).to.deep.equal(['yes', 'yes', null])
    }
    expect(describeCallbacks(Accounts, 'verify_credentials')).to.have.length(2)
    expect(describeCallbacks(Accounts, 'exportAll').map(({ except }) => except)).to.deep.equal([['verify_credentials']])
  })

  it('are unknown when no method has the name in either spelling', () => {
    expect(() => compileAction(Accounts, 'verify_credential')).to.throw(UnknownAction)
    expect(() => compileAction(Accounts, '__hidden')).to.throw(UnknownAction)
    expect(() => compileAction(Accounts, '_hidden')).to.throw(UnknownAction)
  })
})
