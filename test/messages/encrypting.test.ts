import { expect } from 'chai'
import { ApplicationMessages, InvalidMessage, InvalidMessageOption, KeyGenerator, MessageEncryptor } from '../../src/messages/index.ts'

const key = Buffer.alloc(32, 7)

describe('encrypted messages', () => {
  for (const cipher of ['aes-256-gcm', 'aes-256-cbc']) {
    describe(`with ${cipher}`, () => {
      const encryptor = new MessageEncryptor(key, { cipher, serializer: 'json' })

      it('are read by who knows the key, and differ each time', () => {
        const [first, second] = [encryptor.encryptAndSign({ total: 5 }), encryptor.encryptAndSign({ total: 5 })]
        expect(first).not.to.equal(second)
        expect(encryptor.decryptAndVerify(first)).to.deep.equal({ total: 5 })
        expect(() => new MessageEncryptor(Buffer.alloc(32, 8), { cipher }).decryptAndVerify(first)).to.throw(InvalidMessage)
      })

      it('are refused whichever letter was changed', () => {
        const message = encryptor.encryptAndSign('x'.repeat(20))
        for (let at = 0; at < message.length; at++) {
          const changed = message.slice(0, at) + (message[at] === 'A' ? 'B' : 'A') + message.slice(at + 1)
          expect(() => encryptor.decryptAndVerify(changed)).to.throw(InvalidMessage)
        }
        for (const other of ['', 'x', '--', '----', undefined, null, 5, message.slice(0, -1), `${message}A`]) {
          expect(() => encryptor.decryptAndVerify(other)).to.throw(InvalidMessage)
        }
      })

      it('that have expired or are for something else hold nothing', () => {
        expect(encryptor.decryptAndVerify(encryptor.encryptAndSign(1, { expiresIn: -1 }))).to.equal(undefined)
        expect(encryptor.decryptAndVerify(encryptor.encryptAndSign(1, { purpose: 'a' }), { purpose: 'b' })).to.equal(undefined)
        expect(encryptor.decryptAndVerify(encryptor.encryptAndSign(1, { purpose: 'a', expiresIn: 60 }), { purpose: 'a' })).to.equal(1)
      })

      it('go into URLs as they are', () => {
        const urlSafe = new MessageEncryptor(key, { cipher, urlSafe: true })
        for (let size = 0; size < 40; size++) {
          const message = urlSafe.encryptAndSign('?'.repeat(size))
          expect(message).to.match(/^[\w-]+$/)
          expect(urlSafe.decryptAndVerify(message)).to.equal('?'.repeat(size))
        }
      })
    })
  }

  it('of an older key or cipher are read after a rotation', () => {
    const old = new MessageEncryptor(Buffer.alloc(32, 1), { cipher: 'aes-256-cbc', signSecret: 's' })
    const encryptor = new MessageEncryptor(key).rotate(Buffer.alloc(32, 1), { cipher: 'aes-256-cbc', signSecret: 's' })
    expect(encryptor.decryptAndVerify(old.encryptAndSign('kept'))).to.equal('kept')
  })

  it('need a cipher that exists, and a key of its length', () => {
    expect(() => new MessageEncryptor(key, { cipher: 'aes-257-gcm' })).to.throw(InvalidMessageOption)
    expect(() => new MessageEncryptor(key, { cipher: 'aes-256-ecb' })).to.throw(InvalidMessageOption)
    expect(() => new MessageEncryptor('short')).to.throw(InvalidMessageOption, /5 bytes long; expected 32 bytes/)
    expect(MessageEncryptor.keyLength('aes-128-gcm')).to.equal(16)
  })

  it('of an application have a key for each name', () => {
    const messages = new ApplicationMessages('the secret')
    const message = messages.messageEncryptor('invoices').encryptAndSign(5)
    expect(messages.messageEncryptor('invoices').decryptAndVerify(message)).to.equal(5)
    expect(() => messages.messageEncryptor('receipts').decryptAndVerify(message)).to.throw(InvalidMessage)
  })
})

describe('keys', () => {
  it('are derived once', () => {
    const keys = new KeyGenerator('secret', { iterations: 10 })
    expect(keys.generateKey('salt')).to.equal(keys.generateKey('salt'))
    expect(keys.generateKey('salt', 32)).to.deep.equal(keys.generateKey('salt').subarray(0, 32))
    expect(() => new KeyGenerator('secret', { iterations: 0 })).to.throw(InvalidMessageOption)
  })
})
