import { expect } from 'chai'
import { digestPassword, InvalidSignature } from '../../../src/messages/index.ts'
import {
  InvalidArgument,
  locateManySigned,
  locateRecord,
  locateRecords,
  locateSigned,
  parseGlobalId,
  RecordInvalid,
  RecordNotFound,
  UnknownModel,
} from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { Account, secureDatabase, Team } from './secure_models.ts'
import type { TestDatabase } from '../test_database.ts'
import { later } from '../../clock.ts'
import { quickDigests } from '../../quick_digests.ts'

describe('records and secrets', () => {
  let test: TestDatabase
  before(async () => {
    test = await secureDatabase()
  })
  after(() => test.close())
  quickDigests()
  afterEach(async () => {
    await Account.deleteAll()
    await Team.deleteAll()
  })
  const newAccount = (attributes: object = {}) => Account.createOrThrow({ name: 'Ann', password: 'correct horse', ...attributes })

  describe('signed ids', () => {
    it('lead to their record, for their purpose', async () => {
      const account = await newAccount()
      const id = account.signedId({ purpose: 'unsubscribe' })
      expect((await Account.findSigned(id, { purpose: 'unsubscribe' }))?.id).to.equal(account.id)
      expect(await Account.findSigned(id)).to.equal(null)
      expect(await Account.findSigned(account.signedId(), { purpose: 'unsubscribe' })).to.equal(null)
      expect(await Account.findSigned(undefined)).to.equal(null)
      await rejection(Account.findSignedOrThrow(`${id}0`, { purpose: 'unsubscribe' }), InvalidSignature)
    })

    it('are of one class, within the conditions of a relation, and expire', async () => {
      const account = await newAccount()
      const team = await Team.create({ name: 'A' })
      expect(await Team.findSigned(account.signedId())).to.equal(null)
      expect(await Account.where({ name: 'Bob' }).findSigned(account.signedId())).to.equal(null)
      expect((await Account.where({ name: 'Ann' }).findSigned(account.signedId()))?.id).to.equal(account.id)
      expect(await later(61, () => Team.findSigned(team.signedId({ expiresIn: 60 })))).not.to.equal(null)
      const id = team.signedId({ expiresIn: 60 })
      expect(await later(61, () => Team.findSigned(id))).to.equal(null)
      await team.destroy()
      expect(await Team.findSigned(team.signedId())).to.equal(null)
      await rejection(Team.findSignedOrThrow(team.signedId()), RecordNotFound)
    })

    it('are not given to new records', () => {
      expect(() => new Team().signedId()).to.throw(InvalidArgument)
      expect(() => new Team().toSignedGlobalId()).to.throw(InvalidArgument)
    })
  })

  describe('tokens', () => {
    it('are worth nothing when what they stand for has changed, or they have expired', async () => {
      const account = await newAccount()
      const token = account.generateTokenFor('confirmation')
      expect((await Account.findByTokenFor('confirmation', token))?.id).to.equal(account.id)
      expect(await later(61, () => Account.findByTokenFor('confirmation', token))).to.equal(null)
      await account.updateOrThrow({ name: 'Bob' })
      expect(await Account.findByTokenFor('confirmation', token)).to.equal(null)
      await rejection(Account.findByTokenForOrThrow('confirmation', token), InvalidSignature)
      await rejection(Account.findByTokenForOrThrow('confirmation', 'x'), InvalidSignature)
    })

    it('for a purpose that was not declared are a mistake', async () => {
      const account = await newAccount()
      expect(() => account.generateTokenFor('confirmaton')).to.throw(InvalidArgument, 'Did you mean confirmation?')
      await rejection(Account.findByTokenFor('nothing', 'x'), InvalidArgument)
    })

    it('of new records are random, and can be made anew', async () => {
      const [first, second] = [new Account(), new Account()]
      expect(first.token).to.match(/^[1-9A-HJ-NP-Za-km-z]{24}$/)
      expect(first.token).not.to.equal(second.token)
      expect(new Account({ token: 'given' }).token).to.equal('given')
      const account = await newAccount()
      const before = account.token
      await account.regenerateToken()
      expect((await Account.find(account.id)).token)
        .to.equal(account.token)
        .and.not.to.equal(before)
      expect(() => Team.hasSecureToken('name', { length: 8 })).to.throw(InvalidArgument)
    })
  })

  describe('passwords', () => {
    it('can be reset with a token, once', async () => {
      const account = await newAccount()
      const token = account.passwordResetToken
      const found = await Account.findByPasswordResetToken(token)
      expect(found?.id).to.equal(account.id)
      expect(await later(15 * 60, () => Account.findByPasswordResetToken(token))).to.equal(null)
      await found!.updateOrThrow({ password: 'battery staple' })
      expect(await Account.findByPasswordResetToken(token)).to.equal(null)
      await rejection(Account.findByPasswordResetTokenOrThrow(token), InvalidSignature)
    })

    it('are asked for before a change: the one of the row, and not the new one', async () => {
      const { id } = await newAccount()
      const account = await Account.find(id)
      const change = (challenge: string) => account.update({ password: 'battery staple', password_challenge: challenge })
      expect(await change('battery staple')).to.equal(false)
      expect(account.errors.fullMessages).to.deep.equal(['Password challenge is invalid'])
      expect(await change('')).to.equal(false)
      expect(await change('correct horse')).to.equal(true)
      expect(await Account.authenticateBy({ name: 'Ann', password: 'battery staple' })).not.to.equal(null)
    })

    it('are confirmed letter by letter, and no longer than bcrypt reads', async () => {
      await rejection(newAccount({ password: '  ', password_confirmation: ' ' }), RecordInvalid)
      await rejection(newAccount({ password: 'é'.repeat(37) }), RecordInvalid)
      expect(await newAccount({ password: 'x'.repeat(72) })).to.be.instanceOf(Account)
    })

    it('authenticate nobody when there is no record, no digest or no password', async () => {
      const account = await newAccount()
      await newAccount({ name: 'Bob', email: 'bob@example.com' })
      await test.database.execute("update accounts set password_digest = null where name = 'Bob'", [])
      for (const [name, password] of [
        ['Ann', 'wrong'],
        ['Eve', 'correct horse'],
        ['Bob', 'correct horse'],
        ['Ann', ''],
        ['Ann', null],
        ['Ann', { toString: () => 'correct horse' }],
      ])
        expect(await Account.authenticateBy({ name, password })).to.equal(null)
      expect((await Account.authenticateBy({ name: 'Ann', password: 'correct horse' }))?.id).to.equal(account.id)
      await rejection(Account.authenticateBy({ password: 'x' }), InvalidArgument)
      await rejection(Account.authenticateBy({ name: 'Ann' }), InvalidArgument)
    })

    it('have a salt that changes with them', async () => {
      const account = await newAccount()
      expect(account.passwordSalt).to.match(/^\$2a\$\d\d\$.{22}$/)
      expect(account.password_digest!.startsWith(account.passwordSalt!)).to.equal(true)
      expect(await digestPassword('x', { cost: 4 })).to.match(/^\$2a\$04\$/)
    })
  })

  describe('GlobalIDs', () => {
    it('lead to their records, in their order, with one query for each class', async () => {
      const [ann, bob, team] = [await newAccount(), await newAccount({ name: 'Bob' }), await Team.create({ name: 'A' })]
      const ids = [bob.toGlobalId(), team.toGlobalIdParam(), 'nothing', ann.toGlobalId({ as: 'guest' }), bob.toGlobalId()]
      const before = test.database.statements.length
      const found = await locateRecords(ids)
      expect(found.map((record) => record.toGlobalId())).to.deep.equal([bob, team, ann, bob].map((record) => record.toGlobalId()))
      expect(test.database.statements.length - before).to.equal(2)
      expect(await locateRecords(ids, { only: Team })).to.have.length(1)
      expect(await locateRecord(ann.toGlobalId(), { only: Team })).to.equal(null)
      await bob.destroy()
      await rejection(locateRecords(ids), RecordNotFound)
      expect(await locateRecords(ids, { ignoreMissing: true })).to.have.length(2)
      await rejection(locateRecord('gid://shop/Acount/1'), UnknownModel)
    })

    it('are parsed as URIs, and nothing else is one', () => {
      expect(parseGlobalId('gid://shop/Admin::Order/a%20b/2?x=1&__proto__=2')).to.deep.include({
        app: 'shop',
        modelName: 'Admin::Order',
        modelId: ['a b', '2'],
      })
      for (const text of [
        '',
        'gid://',
        'gid://shop/Order',
        'gid://shop//1',
        'gid://shop/Order/%zz',
        'http://shop/Order/1',
        'gid://shop/Or der/1',
        5,
        null,
      ])
        expect(parseGlobalId(text)).to.equal(null)
    })

    it('with a signature are for their purpose, and a month', async () => {
      const team = await Team.create({ name: 'A' })
      const id = team.toSignedGlobalId({ for: 'sharing' })
      expect((await locateSigned(id, { for: 'sharing' }))?.toGlobalId()).to.equal(team.toGlobalId())
      expect(await locateSigned(id)).to.equal(null)
      expect(await locateSigned(id, { for: 'sharing', only: Account })).to.equal(null)
      expect(await later(32 * 86_400, () => locateSigned(id, { for: 'sharing' }))).to.equal(null)
      const forever = team.toSignedGlobalId({ expiresIn: null })
      expect(await later(1e9, () => locateSigned(forever))).not.to.equal(null)
      expect(await locateManySigned([forever, 'x', forever])).to.have.length(2)
    })
  })
})
