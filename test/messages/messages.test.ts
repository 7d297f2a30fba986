import { expect } from 'chai'
import { constantTimeEqual, digestPassword, passwordMatches, randomBase58, randomHex, randomUrlSafe } from '../../src/messages/index.ts'
import { quickDigests } from '../quick_digests.ts'

describe('messages', () => {
  describe('password digests', () => {
    quickDigests()
    it('have the prefix that Rails writes and match their password only', async () => {
      const digest = await digestPassword('correct horse', { cost: 4 })
      expect(digest).to.match(/^\$2a\$04\$.{53}$/)
      expect(await passwordMatches('correct horse', digest)).to.equal(true)
      expect(await passwordMatches('correct horsf', digest)).to.equal(false)
    })

    it('written by Rails are read', async () => {
      expect(await passwordMatches('correct horse', '$2a$04$AQqcQribkekjf7zKOK5SZO7oyBolqc8aT7hYjFkMng57CGQqk/dsm')).to.equal(true)
      expect(await passwordMatches('pässwörd', '$2a$04$S/7Qt6CbtWMBAfg/aVzF6O851J1aPstdHq.8c2hw2.SWQfTeN1n0W')).to.equal(true)
      expect(await passwordMatches('passwörd', '$2a$04$S/7Qt6CbtWMBAfg/aVzF6O851J1aPstdHq.8c2hw2.SWQfTeN1n0W')).to.equal(false)
    })

    it('that are none match nothing', async () => {
      for (const digest of [null, undefined, '', 'secret', '$2a$04$short']) expect(await passwordMatches('', digest)).to.equal(false)
    })
  })

  describe('constant-time comparison', () => {
    it('tells equal from different, whatever the lengths', () => {
      expect(constantTimeEqual('secret', 'secret')).to.equal(true)
      expect(constantTimeEqual('secret', 'secreT')).to.equal(false)
      expect(constantTimeEqual('secret', 'sec')).to.equal(false)
      expect(constantTimeEqual('é', Buffer.from('é'))).to.equal(true)
    })
  })

  describe('random tokens', () => {
    it('have the asked length and alphabet, and differ', () => {
      expect(randomHex(20)).to.match(/^[0-9a-f]{40}$/)
      expect(randomUrlSafe()).to.match(/^[\w-]{22}$/)
      expect(randomBase58()).to.match(/^[1-9A-HJ-NP-Za-km-z]{24}$/)
      expect(randomBase58()).not.to.equal(randomBase58())
    })
  })
})
