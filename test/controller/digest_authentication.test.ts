import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { Controller } from '../../src/controller/index.ts'
import { KeyGenerator } from '../../src/messages/index.ts'
import type { Browser } from '../http/browser.ts'
import { stopServing } from '../http/serving.ts'
import { browseController } from './browsing.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const passwords: Record<string, string> = { ann: 'secret', bob: md5('bob:Vault:hidden'), nobody: '' }

class Vault extends Controller {
  static {
    this.beforeAction((controller) => void controller.authenticateOrRequestWithHttpDigest((name) => passwords[name], 'Vault'), {
      only: 'open',
    })
    this.beforeAction('later', { only: 'openLater' })
  }
  async later() {
    await this.authenticateOrRequestWithHttpDigest(async (name) => passwords[name], 'Vault')
  }
  open() {
    this.render({ plain: 'in' })
  }
  openLater() {
    this.render({ plain: 'in' })
  }
}

describe('HTTP digest authentication', () => {
  let browser: Browser
  beforeEach(async () => {
    browser = await browseController(Vault, ['open', 'openLater'])
  })
  afterEach(stopServing)

  /** The challenge of a 401, by name. */
  const challenge = async (path = '/open'): Promise<Record<string, string>> => {
    const { headers, status } = await browser.visit(path)
    expect(status).to.equal(401)
    return Object.fromEntries(
      [...headers.get('www-authenticate')!.matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name, value]): [string, string] => [name!, value!]),
    )
  }
  /** What a client answers to a challenge (RFC 7616, section 3.4). */
  const answer = (
    asked: Record<string, string>,
    username: string,
    password: string,
    changes: Record<string, string> = {},
    method = 'GET',
  ) => {
    const fields = {
      username,
      realm: asked['realm']!,
      nonce: asked['nonce']!,
      uri: '/open',
      nc: '00000001',
      cnonce: 'c',
      qop: 'auth',
      opaque: asked['opaque']!,
      ...changes,
    }
    const ha1 = md5(`${username}:${fields.realm}:${password}`)
    const response = md5([ha1, fields.nonce, fields.nc, fields.cnonce, fields.qop, md5(`${method}:${fields.uri}`)].join(':'))
    const header = Object.entries({ ...fields, response, ...changes }).map(([name, value]) => `${name}="${value}"`)
    return { headers: { authorization: `Digest ${header.join(', ')}` } }
  }
  const statusOf = async (init: RequestInit, path = '/open') => (await browser.visit(path, init)).status

  it('asks for a digest with a nonce of its own', async () => {
    const asked = await challenge()
    expect(asked).to.include({ realm: 'Vault', qop: 'auth', algorithm: 'MD5' })
    expect(Buffer.from(asked['nonce']!, 'base64').toString()).to.match(/^\d{10}:[\da-f]{32}$/)
    expect(asked['opaque']).to.match(/^[\da-f]{32}$/)
  })

  it('lets in who knows the password, or its HA1 when that is what is known here', async () => {
    const asked = await challenge()
    expect(await statusOf(answer(asked, 'ann', 'secret'))).to.equal(200)
    expect(await statusOf(answer(asked, 'bob', 'hidden'))).to.equal(200)
    expect(await statusOf(answer(asked, 'ann', 'secret', {}), '/openLater')).to.equal(200)
  })

  it('lets nobody else in', async () => {
    const asked = await challenge()
    for (const [name, password] of [
      ['ann', 'wrong'],
      ['eve', 'secret'],
      ['nobody', ''],
      ['__proto__', 'x'],
      ['toString', 'x'],
    ] as const) {
      expect(await statusOf(answer(asked, name, password)), name).to.equal(401)
      expect(await statusOf(answer(asked, name, password), '/openLater'), name).to.equal(401)
    }
    for (const authorization of ['Digest', 'Digest ', 'Digest username="ann"', 'Basic YW5uOnNlY3JldA==', `Digest ${'a="'.repeat(2000)}`])
      expect(await statusOf({ headers: { authorization } })).to.equal(401)
  })

  it('takes no other nonce, opaque, realm, method or response', async () => {
    const asked = await challenge()
    const forged = Buffer.from(`${Math.floor(Date.now() / 1000)}:${'0'.repeat(32)}`).toString('base64')
    const changed: Record<string, string>[] = [{ nonce: forged }, { nonce: '' }, { opaque: 'x' }, { realm: 'Other' }, { response: 'x' }]
    for (const changes of changed) expect(await statusOf(answer(asked, 'ann', 'secret', changes)), JSON.stringify(changes)).to.equal(401)
    expect(await statusOf(answer(asked, 'ann', 'secret', {}, 'POST'))).to.equal(401)
  })

  it('takes a nonce for five minutes', async () => {
    const asked = await challenge()
    const { now } = Date
    const statusAfter = async (seconds: number) => {
      Date.now = () => now() + seconds * 1000
      try {
        return await statusOf(answer(asked, 'ann', 'secret'))
      } finally {
        Date.now = now
      }
    }
    expect([await statusAfter(290), await statusAfter(310)]).to.deep.equal([200, 401])
  })

  // What ActionController::HttpAuthentication::Digest made of the same secret at the same time.
  it('asks and takes what Rails does', async () => {
    const { now } = Date
    const keys = new KeyGenerator('0123456789abcdef'.repeat(6), { iterations: 1000 })
    browser = await browseController(Vault, ['open'], { keys })
    try {
      Date.now = () => 1_700_000_000_000
      const nonce = 'MTcwMDAwMDAwMDo0MGM4NjNlYTc1NDYyMjdiODkyMTc0ZDllZTNlZTJkNQ=='
      const opaque = '0fb761294711b57f8ea83f72471db186'
      expect((await browser.visit('/open')).headers.get('www-authenticate')).to.equal(
        `Digest realm="Vault", qop="auth", algorithm=MD5, nonce="${nonce}", opaque="${opaque}"`,
      )
      const said = `cnonce='c', nc='00000001', nonce='${nonce}', opaque='${opaque}', qop='auth', realm='Vault'`
      const authorization = `Digest ${said}, response='5e8441697e15b1bb4aca63618bb1fae5', uri='/open', username='ann'`
      expect(await statusOf({ headers: { authorization } })).to.equal(200)
    } finally {
      Date.now = now
    }
  })
})
