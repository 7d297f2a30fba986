import { expect } from 'chai'
import {
  CookieOverflow,
  encryptedCookieCodec,
  generateCsrfToken,
  InvalidMessageOption,
  isValidCsrfToken,
  KeyGenerator,
  maskedCsrfToken,
  signedCookieCodec,
} from '../../src/messages/index.ts'

const keys = new KeyGenerator('a secret of thirty letters or so', { iterations: 1 })

describe('the values of cookies', () => {
  for (const [kind, codecOf] of [
    ['signed', signedCookieCodec],
    ['encrypted', encryptedCookieCodec],
  ] as const) {
    describe(kind, () => {
      const codec = codecOf(keys)

      it('are read under their own name only', () => {
        const cookie = codec.write('user_id', 5)
        expect(codec.read('user_id', cookie)).to.deep.equal({ value: 5, rewrite: false })
        expect(codec.read('admin_id', cookie)).to.equal(undefined)
      })

      it('are not read when they end, are changed, or are nothing', () => {
        expect(codec.read('a', codec.write('a', 1, { expires: new Date(Date.now() - 1) }))).to.equal(undefined)
        expect(codec.read('a', codec.write('a', 1, { expiresIn: 60 }))).to.deep.equal({ value: 1, rewrite: false })
        for (const cookie of ['', 'x', `${codec.write('a', 1)}A`]) expect(codec.read('a', cookie)).to.equal(undefined)
      })

      it('fit into what browsers keep', () => {
        expect(() => codec.write('a', 'x'.repeat(4000))).to.throw(CookieOverflow, /^a cookie overflowed with size \d+ bytes/)
      })

      it('that Ruby marshalled are read by the hybrid serializer alone, and written anew', () => {
        const cookie = codecOf(keys, { serializer: 'marshal' }).write('a', { b: 1 })
        expect(codec.read('a', cookie)).to.equal(undefined)
        expect(codecOf(keys, { serializer: 'hybrid' }).read('a', cookie)).to.deep.equal({ value: { b: 1 }, rewrite: true })
        expect(codecOf(keys, { serializer: 'hybrid' }).read('a', codec.write('a', 1))).to.deep.equal({ value: 1, rewrite: false })
      })
    })
  }

  it('of Rails before 5.2 are read, and written anew', () => {
    const old = encryptedCookieCodec(keys, { useAuthenticatedEncryption: false })
    const codec = encryptedCookieCodec(keys)
    expect(codec.read('a', old.write('a', 1))).to.deep.equal({ value: 1, rewrite: true })
    expect(old.read('a', codec.write('a', 1))).to.deep.equal({ value: 1, rewrite: true })
  })
})

describe('tokens against forged requests', () => {
  const secret = generateCsrfToken()

  it('differ each time, and belong to their session', () => {
    const [first, second] = [maskedCsrfToken(secret), maskedCsrfToken(secret)]
    expect(first).not.to.equal(second)
    expect([first, second, secret].map((token) => isValidCsrfToken(secret, token))).to.deep.equal([true, true, true])
    expect(isValidCsrfToken(generateCsrfToken(), first)).to.equal(false)
  })

  it('of one form are for its request only', () => {
    const token = maskedCsrfToken(secret, { path: '/posts', method: 'post' })
    expect(isValidCsrfToken(secret, token, { path: '/posts', method: 'POST' })).to.equal(true)
    expect(isValidCsrfToken(secret, token, { path: '/posts', method: 'delete' })).to.equal(false)
    expect(isValidCsrfToken(secret, token)).to.equal(false)
  })

  it('are nothing else', () => {
    for (const token of [undefined, null, 5, '', '!', 'x'.repeat(43), 'x'.repeat(10_000), ['x'], Buffer.alloc(64).toString('base64')])
      expect(isValidCsrfToken(secret, token)).to.equal(false)
    expect(isValidCsrfToken('', maskedCsrfToken(secret))).to.equal(false)
    expect(() => maskedCsrfToken('short')).to.throw(InvalidMessageOption)
  })
})
