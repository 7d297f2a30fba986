import { days } from '../../src/jobs/index.ts'
import { modelOf } from '../../src/model/index.ts'
import { type Blog, Post, User } from './model_schema.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}
const Model = modelOf<Blog>()

export async function finding(): Promise<void> {
  const signed = await User.findSigned('x', { purpose: 'login' })
  exactly<Equal<typeof signed, User | null>>()
  const certain = await Post.published().findSignedOrThrow('x')
  exactly<Equal<typeof certain, Post>>()
  const confirmed = await User.findByTokenFor('confirmation', 'x')
  exactly<Equal<typeof confirmed, User | null>>()
  const reset = await User.findByPasswordResetToken('x')
  exactly<Equal<typeof reset, User | null>>()
  const resetFor = await User.findByPasswordResetTokenOrThrow('x')
  exactly<Equal<typeof resetFor, User>>()
  // @ts-expect-error posts have no password
  await Post.findByPasswordResetToken('x')
}

export async function making(user: User): Promise<void> {
  const id = user.signedId({ purpose: 'login', expiresIn: days(1) })
  exactly<Equal<typeof id, string>>()
  exactly<Equal<typeof user.passwordResetToken, string>>()
  exactly<Equal<typeof user.passwordSalt, string | null>>()
  user.password_challenge = 'x'
  const authenticated = await user.authenticate('x')
  exactly<Equal<typeof authenticated, User | false>>()
  user.toSignedGlobalId({ for: 'sharing', expiresIn: null, as: 'guest' })
  user.toGlobalId({ as: 'guest' })
  await user.ciphertextFor('email')
  // @ts-expect-error no such column
  await user.ciphertextFor('emial')
}

export class Guest extends User {
  static {
    this.encrypts('email', { deterministic: true, downcase: true, previous: [{ key: 'old' }] })
    this.encrypts('email', 'name')
    // @ts-expect-error no such column
    this.encrypts('emial')
    // @ts-expect-error no such option
    this.encrypts('email', { determinstic: true })
    this.generatesTokenFor('confirmation', { expiresIn: days(1) }, (guest) => guest.email)
    this.generatesTokenFor('forever', (guest) => guest.name)
    // @ts-expect-error no such column
    this.hasSecureToken('tokn')
  }
}

class Profile extends Model('Profile') {}

export function digests(profile: Profile): void {
  exactly<Equal<typeof profile.links, { url: string }[]>>() // its digest is that of the column, and of no secret
  new Profile({ links: [{ url: '/' }] })
}
