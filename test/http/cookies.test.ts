import { expect } from 'chai'
import type { Request } from '../../src/http/index.ts'
import { days } from '../../src/jobs/index.ts'
import { KeyGenerator } from '../../src/messages/index.ts'
import { type Browser, browse, keys } from './browser.ts'
import { stopServing } from './serving.ts'

describe('cookies', () => {
  afterEach(stopServing)
  /** Runs work in a request, and answers with what it returns. */
  const during = (work: (request: Request) => unknown, state = {}): Promise<Browser> =>
    browse((request, response) => {
      response.body = JSON.stringify(work(request) ?? null)
    }, state)
  const withCookie = (cookie: string) => ({ headers: { cookie } })

  it('are read as they were sent, whatever their names', async () => {
    const browser = await during(({ cookies }) => [
      cookies.get('a'),
      cookies.get('b'),
      cookies.get('__proto__'),
      cookies.get('constructor'),
    ])
    const { json } = await browser.visit('/', withCookie('a=1; a=2; b=x+y%21%C3%A9; __proto__=p'))
    expect(json).to.deep.equal(['1', 'x y!é', 'p', null])
  })

  it('become an object that inherits nothing', async () => {
    const browser = await during(({ cookies }) => {
      const object = cookies.toObject()
      return [Object.getPrototypeOf(object), Object.keys(object), ({} as Record<string, unknown>)['polluted'] ?? 'clean']
    })
    const { json } = await browser.visit('/', withCookie('__proto__=polluted; a=1'))
    expect(json).to.deep.equal([null, ['__proto__', 'a'], 'clean'])
  })

  it('are read up to three hundred', async () => {
    const browser = await during(({ cookies }) => [...cookies].length)
    const { json } = await browser.visit('/', withCookie(Array.from({ length: 500 }, (_, i) => `c${i}=1`).join('; ')))
    expect(json).to.equal(300)
  })

  it('that are malformed are taken as they are', async () => {
    const browser = await during(({ cookies }) => [cookies.get('a'), cookies.get('b'), cookies.get('')])
    const { json } = await browser.visit('/', withCookie('a=100%; b; =c; ;;'))
    expect(json).to.deep.equal(['100%', '', 'c'])
  })

  it('are set with their options, after those that are there', async () => {
    const browser = await during(({ cookies }) => {
      cookies.set('theme', 'dark blue', { expires: new Date('2030-01-02T03:04:05Z'), httpOnly: true, sameSite: 'strict', domain: 'all' })
      cookies.set('n', 5, { maxAge: 60, path: '/admin', domain: '.example.com', partitioned: true, sameSite: 'none' })
    })
    const { setCookies } = await browser.visit('/', { headers: { 'x-forwarded-host': 'shop.example.com' } })
    expect(setCookies).to.deep.equal([
      'theme=dark+blue; domain=example.com; path=/; expires=Wed, 02 Jan 2030 03:04:05 GMT; httponly; samesite=strict',
      'n=5; domain=.example.com; path=/admin; max-age=60; samesite=none; partitioned',
    ])
  })

  it('are not sent to browsers that have them, nor deleted in those that have not', async () => {
    const browser = await during(({ cookies }) => {
      cookies.set('a', '1')
      cookies.delete('nobody')
    })
    expect((await browser.visit()).setCookies).to.deep.equal(['a=1; path=/; samesite=lax'])
    expect((await browser.visit()).setCookies).to.deep.equal([])
  })

  it('are deleted with the options they were set with', async () => {
    const browser = await during(({ cookies }) => [
      cookies.delete('a', { path: '/x' }),
      cookies.get('a'),
      cookies.isDeleted('a', { path: '/x' }),
    ])
    const { json, setCookies } = await browser.visit('/', withCookie('a=1'))
    expect(json).to.deep.equal(['1', null, true])
    expect(setCookies).to.deep.equal(['a=; path=/x; max-age=0; expires=Thu, 01 Jan 1970 00:00:00 GMT; samesite=lax'])
  })

  it('that are secure are set over TLS only', async () => {
    const browser = await during(({ cookies }) => cookies.set('a', '1', { secure: true }))
    expect((await browser.visit()).setCookies).to.deep.equal([])
    expect((await browser.visit('/', { headers: { 'x-forwarded-proto': 'https' } })).setCookies).to.deep.equal([
      'a=1; path=/; secure; samesite=lax',
    ])
  })

  it('have the sameSite that is configured, which may look at the request', async () => {
    const sameSite = (request: { header(name: string): string | undefined }) => (request.header('user-agent') === 'old' ? null : 'strict')
    const browser = await during(({ cookies }) => cookies.set('a', '1'), { cookies: { sameSite } })
    expect((await browser.visit()).setCookies).to.deep.equal(['a=1; path=/; samesite=strict'])
    browser.cookies.clear()
    expect((await browser.visit('/', { headers: { 'user-agent': 'old' } })).setCookies).to.deep.equal(['a=1; path=/'])
  })

  it("can't carry other headers or attributes in their options", async () => {
    const refusedWith = async (options: object) => {
      const browser = await during(({ cookies }) => {
        try {
          cookies.set('a', '1', options)
        } catch (error) {
          return (error as Error).message
        }
      })
      return (await browser.visit()).json
    }
    expect(await refusedWith({ path: '/; domain=evil.example' })).to.equal("The cookie 'a' is set with a path that no header can hold.")
    expect(await refusedWith({ domain: 'a\r\nx-evil: 1' })).to.equal("The cookie 'a' is set with a domain that no header can hold.")
    expect(await refusedWith({ sameSite: 'laxx' })).to.equal("The cookie 'a' is set with sameSite 'laxx'. Did you mean lax?")
    expect(await refusedWith({ httponly: true })).to.equal(
      "The cookie 'a' is set with the unknown option 'httponly'. Did you mean httpOnly?",
    )
    expect(await refusedWith({ expires: new Date('never') })).to.equal("The cookie 'a' is set with a time that is none in expires.")
  })

  it('encode names and values that would end a header', async () => {
    const browser = await during(({ cookies }) => cookies.set('a b\r\n', 'x;\r\ny: 1'))
    expect((await browser.visit()).setCookies).to.deep.equal(['a+b%0D%0A=x%3B%0D%0Ay%3A+1; path=/; samesite=lax'])
  })

  it('may be signed, encrypted and permanent, in any order', async () => {
    const browser = await during(({ cookies, queryString }) => {
      if (queryString !== 'read') {
        cookies.signed.set('signed', { id: 1 }, { httpOnly: true })
        cookies.permanent.encrypted.set('encrypted', ['a', null])
        cookies.signed.permanent.set('both', 'x', { expires: days(1) })
      }
      return [cookies.signed.get('signed'), cookies.encrypted.get('encrypted'), cookies.signed.get('both'), cookies.encrypted.get('signed')]
    })
    const written = await browser.visit()
    const years = written.setCookies.map((header) => /expires=\w+, \d+ \w+ (\d+)/.exec(header)?.[1])
    const inTwenty = String(new Date().getUTCFullYear() + 20)
    expect(years).to.deep.equal([undefined, inTwenty, inTwenty])
    const expected = [{ id: 1 }, ['a', null], 'x', null]
    expect([written.json, (await browser.visit('/?read')).json]).to.deep.equal([expected, expected])
  })

  it('take a value and its options in one object, as Rails does, and keep other objects as they are', async () => {
    const browser = await during(({ cookies, queryString }) => {
      if (queryString !== 'read') {
        cookies.set('plain', { value: 'a', httpOnly: true, sameSite: 'strict' })
        cookies.set('bare', { value: 'b' })
        cookies.signed.set('signed', { value: 1, httpOnly: true })
        cookies.permanent.encrypted.set('encrypted', { value: [2], path: '/x' })
        cookies.signed.set('object', { value: 1, name: 'Ann' })
        cookies.signed.set('alone', { value: 1 })
      }
      return [
        cookies.get('plain') + cookies.get('bare')!,
        cookies.signed.get('signed'),
        cookies.encrypted.get('encrypted'),
        cookies.signed.get('object'),
        cookies.signed.get('alone'),
      ]
    })
    const written = await browser.visit()
    const expected = ['ab', 1, [2], { value: 1, name: 'Ann' }, { value: 1 }]
    expect(written.json).to.deep.equal(expected)
    expect(written.setCookies.map((header) => header.replace(/^(\w+)=[^;]*/, '$1').replace(/expires=[^;]*/, 'expires'))).to.deep.equal([
      'plain; path=/; httponly; samesite=strict',
      'bare; path=/; samesite=lax',
      'signed; path=/; httponly; samesite=lax',
      'encrypted; path=/x; expires; samesite=lax',
      'object; path=/; samesite=lax',
      'alone; path=/; samesite=lax',
    ])
  })

  it('that were tampered with, expired or moved to another name are not there', async () => {
    const browser = await during(({ cookies, queryString }) => {
      if (queryString === '') cookies.signed.set('user_id', 1, { expires: new Date(Date.now() + 1000) })
      return cookies.signed.get('user_id') ?? 'nobody'
    })
    await browser.visit()
    const value = browser.cookies.get('user_id')!
    const read = async (cookie: string) => (await browser.visit('/?read', withCookie(cookie))).json
    expect(await read(`user_id=${value}`)).to.equal(1)
    expect(await read(`user_id=${value.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`)).to.equal('nobody')
    expect(await read(`other=${value}; user_id=`)).to.equal('nobody')
    const { now } = Date
    try {
      Date.now = () => now() + 2000
      expect(await read(`user_id=${value}`)).to.equal('nobody')
    } finally {
      Date.now = now
    }
  })

  it('written with an older secret are read, and written again with the current one', async () => {
    const older = new KeyGenerator('an older secret'.repeat(4), { iterations: 1 })
    const old = await during(({ cookies }) => cookies.encrypted.set('user_id', 7), { keys: older })
    await old.visit()
    const rotations = { encrypted: [{ key: older.generateKey('authenticated encrypted cookie', 32) }] }
    const current = await during(({ cookies }) => cookies.encrypted.get('user_id'), { cookies: { rotations } })
    for (const [name, value] of old.cookies) current.cookies.set(name, value)
    const first = await current.visit()
    expect([first.json, first.setCookies.length]).to.deep.equal([7, 1])
    const second = await current.visit()
    expect([second.json, second.setCookies.length]).to.deep.equal([7, 0])
  })

  it('longer than browsers keep are refused when they are signed', async () => {
    const browser = await during(({ cookies }) => cookies.signed.set('big', 'x'.repeat(4000)))
    expect((await browser.visit()).status).to.equal(500)
  })

  it('need a secret to be signed', async () => {
    const browser = await during(({ cookies }) => cookies.signed.set('a', 1), { keys: undefined, session: undefined })
    expect((await browser.visit()).status).to.equal(500)
  })

  it('are not set by an action that failed', async () => {
    const browser = await during(({ cookies }) => {
      cookies.set('a', '1')
      throw new Error('too late')
    })
    const { status, setCookies } = await browser.visit()
    expect([status, setCookies]).to.deep.equal([500, []])
  })

  it('are not read for requests that never ask', async () => {
    const browser = await during(() => 'nothing', { keys })
    expect((await browser.visit('/', withCookie('_test_session=garbage'))).setCookies).to.deep.equal([])
  })
})
