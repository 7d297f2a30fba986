import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { ApplicationMessages, useMessages } from '../../../src/messages/index.ts'
import { bindModels, InvalidArgument, modelOf, type PasswordAlgorithm } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const derive = promisify(scrypt) as (password: string, salt: string, length: number, options: object) => Promise<Buffer>
const key = (password: string, salt: string) => derive(password, salt, 32, { N: 16 })

/** As an application might write one. */
const scrypted: PasswordAlgorithm = {
  async digest(password) {
    const salt = randomBytes(12).toString('base64url')
    return `scrypt$${salt}$${(await key(password, salt)).toString('base64url')}`
  },
  async matches(password, digest) {
    const [, salt = '', held = ''] = (digest ?? '').split('$')
    const made = await key(password, salt)
    const there = Buffer.from(held, 'base64url')
    return there.length === made.length && timingSafeEqual(there, made)
  },
  salt: (digest) => digest.split('$')[1] ?? null,
  maxBytes: 100,
}

const Model = modelOf<{}>()
class User extends Model('User') {
  static {
    this.hasSecurePassword('password', { algorithm: scrypted })
  }
  declare id: number
  declare password: string | null
  declare password_digest: string | null
  declare passwordResetToken: string
  declare authenticate: (password: string) => Promise<User | false>;
  [name: string]: unknown
}

describe('passwords of another algorithm than bcrypt', () => {
  let test: TestDatabase
  before(async () => {
    useMessages(new ApplicationMessages('a secret of thirty letters or so'))
    test = await testDatabase(`model User {
  id Int @id @default(autoincrement())
  name String?
  password_digest String?
}`)
    bindModels([User], test.database, test.metadata)
  })
  after(async () => {
    await test.close()
    useMessages(undefined)
  })

  it('are digested, compared and challenged with it', async () => {
    const user = await User.createOrThrow({ name: 'ann', password: 'secret' } as never)
    expect(user.password_digest).to.match(/^scrypt\$/)
    expect([await user.authenticate('secret'), await user.authenticate('other')]).to.deep.equal([user, false])
    const found = (await User.authenticateBy({ name: 'ann', password: 'secret' } as never)) as User | null
    expect([found?.id, await User.authenticateBy({ name: 'ann', password: 'no' } as never)]).to.deep.equal([user.id, null])
    user['password_challenge'] = 'wrong'
    expect(await user.isValid()).to.equal(false)
    user['password_challenge'] = 'secret'
    expect(await user.isValid()).to.equal(true)
  })

  it('have their own limit, and tokens that end with them', async () => {
    expect(await new User({ password: 'x'.repeat(100) } as never).isValid()).to.equal(true)
    const long = new User({ password: 'x'.repeat(101) } as never)
    await long.isValid()
    expect(long.errors.fullMessages).to.deep.equal(['Password is too long'])
    const user = await User.createOrThrow({ password: 'secret' } as never)
    const token = user.passwordResetToken
    const find = (User as never as { findByPasswordResetToken(token: string): Promise<User | null> }).findByPasswordResetToken.bind(User)
    expect((await find(token))?.id).to.equal(user.id)
    await user.updateOrThrow({ password: 'another' } as never)
    expect(await find(token)).to.equal(null)
  })

  it("are refused where nobody knows it, or its package isn't there", () => {
    const declaring = (algorithm: never) => () => class extends Model('User') {}.hasSecurePassword('password', { algorithm })
    expect(declaring('argon2' as never)).to.throw(InvalidArgument, 'needs the package argon2')
    expect(declaring('md5' as never)).to.throw(InvalidArgument, "knows no algorithm 'md5'")
  })
})
