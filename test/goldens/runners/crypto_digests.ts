import {
  constantTimeEqual,
  hexDigest,
  isValidCsrfToken,
  KeyGenerator,
  maskedCsrfToken,
  passwordMatches,
  privateSessionId,
} from '../../../src/messages/index.ts'
import { applicationMessages } from './crypto_application.ts'
import { type Check, expectOutcome, expectSame, type Recorded } from './crypto_values.ts'

/** Keys, digests, comparisons, CSRF tokens, ids of sessions. */
export const digests: Readonly<Record<string, Check>> = {
  key_generator(
    one: { secret: string; salt: string; length: number; iterations: number; digest: string; hex: string; app_key_generator?: boolean },
    golden,
  ) {
    const { secret, salt, length, iterations, digest } = one
    const keys = one.app_key_generator ? applicationMessages(golden).keyGenerator : new KeyGenerator(secret, { iterations, digest })
    expectSame(keys.generateKey(salt, length).toString('hex'), one.hex)
    expectSame(keys.generateKey(salt, length).toString('hex'), one.hex)
  },

  digest({ input, hexdigest }: { input: string; hexdigest: string }) {
    expectSame(hexDigest(input), hexdigest)
  },

  secure_compare({ a, b, secure_compare }: { a: string; b: string; secure_compare: boolean }) {
    expectSame(constantTimeEqual(a, b), secure_compare)
  },

  session_id({ public_id, private_id }: { public_id: string; private_id: string }) {
    expectSame(privateSessionId(public_id), private_id)
  },

  csrf(one: { session_csrf_token: string; token: string | null; valid?: boolean; form?: { action: string; method: string } }) {
    const target = one.form && { path: one.form.action, method: one.form.method }
    expectSame(isValidCsrfToken(one.session_csrf_token, one.token, target), one.valid ?? true)
    if (!('one_time_pad_hex' in one)) return
    expectSame(maskedCsrfToken(one.session_csrf_token, target), one.token)
    if (target === undefined) return
    expectSame(isValidCsrfToken(one.session_csrf_token, one.token, { ...target, path: `${target.path}/other` }), false)
    expectSame(isValidCsrfToken(one.session_csrf_token, one.token), false)
  },

  async bcrypt(one: Recorded & { password?: string; digest: string | null; matches?: boolean; wrong?: boolean; wrong_password?: string }) {
    if (one.matches === undefined) {
      // A digest that is none is one that nothing matches here: asking must tell nobody what is in the column.
      const expected = one.error === undefined ? one : { result: false }
      await expectOutcome(expected, () => passwordMatches(one.password ?? 'x', one.digest))
      return
    }
    expectSame(await passwordMatches(one.password!, one.digest), one.matches)
    expectSame(await passwordMatches(one.wrong_password!, one.digest), one.wrong)
  },
}
