import { expect } from 'chai'
import {
  ApplicationMessages,
  InvalidMessageOption,
  InvalidSignature,
  MessageVerifier,
  MessageVerifiers,
  NoSecret,
  RotationTooLate,
  UnreadableMessage,
} from '../../src/messages/index.ts'

const secret = 'a secret that nobody guesses'

describe('signed messages', () => {
  const verifier = new MessageVerifier(secret, { digest: 'SHA256', serializer: 'json' })

  it('are read by who knows the secret, and by nobody else', () => {
    const message = verifier.generate({ id: 5, tags: ['a', null] })
    expect(verifier.verify(message)).to.deep.equal({ id: 5, tags: ['a', null] })
    expect(new MessageVerifier('another', { digest: 'SHA256' }).verified(message)).to.equal(undefined)
  })

  it('are refused whichever letter was changed, with an error that says nothing of it', () => {
    const message = verifier.generate('x', { purpose: 'login', expiresIn: 60 })
    const errors = new Set<string>()
    for (let at = 0; at < message.length; at++) {
      const changed = message.slice(0, at) + (message[at] === 'A' ? 'B' : 'A') + message.slice(at + 1)
      expect(verifier.verified(changed, { purpose: 'login' })).to.equal(undefined)
      errors.add(errorOf(() => verifier.verify(changed, { purpose: 'login' })).message)
    }
    errors.add(errorOf(() => verifier.verify(message, { purpose: 'reset' })).message)
    errors.add(errorOf(() => verifier.verify(verifier.generate('x', { expiresIn: -1 }))).message)
    errors.add(errorOf(() => verifier.verify(undefined)).message)
    expect([...errors]).to.have.length(1)
  })

  it('hold a null that differs from no message', () => {
    expect(verifier.verified(verifier.generate(null))).to.equal(null)
    expect(verifier.verified('')).to.equal(undefined)
  })

  it('keep integers beyond 2^53, also beside longer texts and fractions', () => {
    const value = {
      id: 2n ** 70n,
      low: -(2n ** 64n),
      fraction: 0.1234567890123456,
      text: '12345678901234567890',
      list: [12345678901234567890n],
    }
    expect(verifier.verified(verifier.generate(value))).to.deep.equal(value)
  })

  it('never reach a prototype', () => {
    const forged = new MessageVerifier(secret, { digest: 'SHA256', serializer: 'null' })
    for (const json of ['{"__proto__":{"isAdmin":true},"a":1}', '{"\\u005f_proto__":{"isAdmin":true},"a":1}']) {
      const read = verifier.verified(forged.generate(json)) as object
      expect(Object.keys(read)).to.deep.equal(['a'])
      expect(Object.assign({}, read)).not.to.have.property('isAdmin')
    }
  })

  it('of another serializer are an error and not a forgery', () => {
    const marshalled = new MessageVerifier(secret, { serializer: 'marshal' }).generate({ a: 1 })
    expect(errorOf(() => new MessageVerifier(secret, { serializer: 'json' }).verified(marshalled))).to.be.instanceOf(UnreadableMessage)
    expect(new MessageVerifier(secret).verified(marshalled)).to.deep.equal({ a: 1 })
  })

  it('with an envelope that is none have expired', () => {
    const forged = new MessageVerifier(secret, { digest: 'SHA256', serializer: 'null' })
    for (const envelope of ['1', 'null', '[]', '{"data":1,"exp":1}', '{"data":1,"exp":"soon"}', '{"data":1,"exp":{}}']) {
      expect(verifier.verified(forged.generate(`{"_rails":${envelope}}`), { purpose: 'x' })).to.equal(undefined)
    }
    for (const legacy of ['{"message":1}', '{"message":"!!!"}', '{"message":"MQ==","exp":7}']) {
      expect(verifier.verified(forged.generate(`{"_rails":${legacy}}`))).to.equal(undefined)
    }
  })

  it('refuse digests and serializers that do not exist, with a suggestion', () => {
    expect(errorOf(() => new MessageVerifier(secret, { digest: 'SHA266' }))).to.be.instanceOf(InvalidMessageOption)
    expect(errorOf(() => new MessageVerifier(secret, { digest: 'SHA266' })).message).to.contain('Did you mean sha256?')
    expect(errorOf(() => new MessageVerifier(secret, { serializer: 'jsn' as 'json' })).message).to.contain('Did you mean json?')
    expect(errorOf(() => verifier.generate(1, { expiresAt: new Date('x') }))).to.be.instanceOf(InvalidMessageOption)
  })
})

describe('rotations', () => {
  it('read older secrets, and tell of it', () => {
    const rotated: string[] = []
    const verifier = new MessageVerifier('new', { onRotation: () => rotated.push('own') }).rotate('old').rotate({ digest: 'SHA512' })
    expect(verifier.verify(new MessageVerifier('old').generate(1))).to.equal(1)
    expect(
      verifier.verify(new MessageVerifier('new', { digest: 'SHA512' }).generate(2), { onRotation: () => rotated.push('given') }),
    ).to.equal(2)
    expect(verifier.verify(verifier.generate(3))).to.equal(3)
    expect(rotated).to.deep.equal(['own', 'given'])
    expect(verifier.verified(new MessageVerifier('old').generate(1, { purpose: 'x' }))).to.equal(undefined)
  })

  it('of an application hold for verifiers of all names', () => {
    const messages = new ApplicationMessages('the new secret')
    messages.messageVerifiers.rotate({ secretKeyBase: 'the old secret' })
    const old = new ApplicationMessages('the old secret').messageVerifier('unsubscribe').generate(7)
    expect(messages.messageVerifier('unsubscribe').verify(old)).to.equal(7)
    expect(messages.messageVerifier('another').verified(old)).to.equal(undefined)
    expect(errorOf(() => messages.messageVerifiers.rotate({ digest: 'SHA512' }))).to.be.instanceOf(RotationTooLate)
  })

  it('that are transitional write what is read already everywhere', () => {
    const verifiers = (transitional: boolean) => {
      const made = new MessageVerifiers((salt) => salt).rotate({ digest: 'SHA512' }).rotate({ digest: 'SHA1' })
      made.transitional = transitional
      return made.get('x')
    }
    const before = new MessageVerifier('x', { digest: 'SHA1' })
    expect(before.verify(verifiers(true).generate(1))).to.equal(1)
    expect(before.verified(verifiers(false).generate(1))).to.equal(undefined)
    expect(verifiers(true).verify(verifiers(false).generate(1))).to.equal(1)
  })

  it('need a secret', () => {
    expect(errorOf(() => new ApplicationMessages(() => '').messageVerifier('x'))).to.be.instanceOf(NoSecret)
  })
})

function errorOf(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new InvalidSignature('nothing was thrown')
}
