import { locateRecord, locateSigned, parseGlobalId } from '../../../src/model/index.ts'
import { type RecordedModels, recordedModels } from './crypto_models.ts'
import { type Check, type CryptoGolden, decode, expectOutcome, expectSame, metadataOf, type Recorded } from './crypto_values.ts'

interface TokenCase extends Recorded {
  readonly id: string
  readonly model: string
  readonly options: unknown
  readonly token: string
  readonly purpose?: string | null
  readonly note?: string
}

const invalidArgument = { ArgumentError: 'InvalidArgument', KeyError: 'InvalidArgument' }

/** Signed ids, tokens, passwords and GlobalIDs of records. */
export const tokens: Readonly<Record<string, Check>> = {
  signed_id: withModels(async (models, one: TokenCase) => {
    if (one.error !== undefined) return expectOutcome(one, () => new models.User().signedId(), invalidArgument)
    const record = await classOf(models, one.model).find(1)
    expectSame(record.signedId(metadataOf(one.options)), one.token)
  }),

  'signed_id.find': withModels(async ({ User }, { token, purpose, ...recorded }: TokenCase) => {
    const options = { ...(purpose != null && { purpose }) }
    if (recorded.error === undefined)
      await expectOutcome(recorded, async () => (await User.findSigned(token, options))?.readAttribute('id'))
    if (recorded.result === null) return
    await expectOutcome(recorded, async () => (await User.findSignedOrThrow(token, options)).readAttribute('id'))
  }),

  token_for: withModels(async ({ User }, one: TokenCase) => {
    const user = await User.find(1)
    await expectOutcome(one.error ? one : { result: one.token }, () => user.generateTokenFor(one.purpose ?? 'nope'), invalidArgument)
  }),

  'token_for.find': withModels(async ({ User, database }, one: TokenCase) => {
    const email = /email changed to (\S+)/.exec(one.note ?? '')?.[1]
    const change = (to: string) => database.execute('update users set email = ? where id = 1', [to])
    if (email !== undefined) await change(email)
    const purpose = /wrong_purpose$/.test(one.id) ? otherPurpose(one.id) : one.purpose!
    if (one.error === undefined) await expectOutcome(one, async () => (await User.findByTokenFor(purpose, one.token))?.readAttribute('id'))
    else await expectOutcome(one, () => User.findByTokenForOrThrow(purpose, one.token))
    if (email !== undefined) await change('ann@example.com')
  }),

  password_reset_token: withModels(async ({ User }, one: Recorded & { token: string; salt?: string }) => {
    const user = await User.find(1)
    if (one.salt === undefined)
      return expectOutcome(one, async () => (await User.findByTokenFor('password_reset', one.token))?.readAttribute('id'))
    expectSame([Reflect.get(user, 'passwordResetToken'), Reflect.get(user, 'passwordSalt')], [one.token, one.salt])
  }),

  'has_secure_password.validation': withModels(
    async ({ User }, one: { attributes: object; valid: boolean; errors: unknown; full_messages: string[]; details: unknown }) => {
      const user = new User(decode(one.attributes) as object)
      expectSame(await user.isValid(), one.valid)
      expectErrors(user, one)
    },
  ),

  'has_secure_password.authenticate': withModels(
    async ({ User }, one: { id: string; digest: string | null; password: string; result: boolean }) => {
      const user = one.digest === null ? new User() : await User.find(1)
      const method = one.id.includes('named_attr') ? 'authenticateRecovery' : 'authenticate'
      const authenticate = user[method] as (password: string) => Promise<unknown>
      expectSame((await authenticate.call(user, one.password)) === user, one.result)
    },
  ),

  'has_secure_password.challenge': withModels(
    async ({ User }, one: { challenge: string; valid?: boolean; errors?: unknown; full_messages?: string[]; details?: unknown }) => {
      const user = await User.find(1)
      Reflect.set(user, 'password_challenge', one.challenge)
      expectSame(await user.isValid(), one.valid ?? false)
      if (one.errors !== undefined) expectErrors(user, one)
    },
  ),

  'has_secure_password.set_empty_keeps_digest': withModels(async ({ User }, one: { digest_kept: boolean; valid: boolean }) => {
    const user = await User.find(1)
    const before = user.readAttribute('password_digest')
    Reflect.set(user, 'password', '')
    expectSame([user.readAttribute('password_digest') === before, await user.isValid()], [one.digest_kept, one.valid])
  }),

  'has_secure_password.set_nil_clears_digest': withModels(async ({ User }, one: { digest: null; valid: boolean }) => {
    const user = await User.find(1)
    Reflect.set(user, 'password', null)
    expectSame([user.readAttribute('password_digest'), await user.isValid()], [one.digest, one.valid])
  }),

  authenticate_by: withModels(async ({ User }, one: Recorded & { attributes: object }) => {
    await expectOutcome(one, async () => (await User.authenticateBy(one.attributes))?.readAttribute('id'), invalidArgument)
  }),

  global_id: withModels(async (models, one: { id: string; model: string; gid: string; param?: string }) => {
    const record = await classOf(models, one.model).find(1)
    const params = Object.fromEntries(new URL(one.gid).searchParams)
    expectSame(record.toGlobalId(params), one.gid)
    if (one.param !== undefined) expectSame(record.toGlobalIdParam(), one.param)
  }),

  'global_id.parse': withModels(async (_models, one: Recorded & { input: string; parsed: Record<string, unknown> | null }) => {
    const parts = parseGlobalId(one.input)
    const { uri: _, ...expected } = one.parsed ?? {}
    const parsed = parts && {
      app: parts.app,
      model_name: parts.modelName,
      model_id: parts.modelId,
      params: parts.params && { ...parts.params },
    }
    expectSame(parsed, one.parsed === null ? null : expected)
    await expectOutcome(
      one,
      async () => {
        const record = await locateRecord(one.input)
        return record && { class: record.constructor.name, id: record.readAttribute('id') }
      },
      { NameError: 'UnknownModel' },
    )
  }),

  signed_global_id: withModels(async (models, one: { model: string; options: object; sgid: string }) => {
    const record = await classOf(models, one.model).find(1)
    const { expires_in, expires_at, ...rest } = decode(one.options) as { expires_in?: null; expires_at?: Date; for?: string }
    const options = { ...rest, ...(expires_in !== undefined && { expiresIn: expires_in }), ...(expires_at && { expiresAt: expires_at }) }
    expectSame(record.toSignedGlobalId(options), one.sgid)
  }),

  'signed_global_id.locate': withModels(async (_models, one: Recorded & { sgid: string; for?: string | null }) => {
    await expectOutcome(one, async () => (await locateSigned(one.sgid, one.for == null ? {} : { for: one.for }))?.readAttribute('id'))
  }),
}

function withModels<C>(check: (models: RecordedModels, one: C) => Promise<void>): Check {
  return async (one: C, golden: CryptoGolden) => check(await recordedModels(golden), one)
}

function classOf(models: RecordedModels, name: string): RecordedModels['User'] {
  const classes: Readonly<Record<string, unknown>> = { User: models.User, SubUser: models.SubUser, 'Admin::Account': models.Account }
  return classes[name] as RecordedModels['User']
}

// It was looked for with another purpose that the class has, whatever was written down.
function otherPurpose(id: string): string {
  return id.includes('.forever.') ? 'multi' : 'forever'
}

function expectErrors(
  record: { errors: { messages: unknown; fullMessages: string[]; details: unknown } },
  recorded: { errors?: unknown; full_messages?: string[]; details?: unknown },
): void {
  const { errors } = record
  expectSame(errors.messages, recorded.errors)
  expectSame(errors.fullMessages, recorded.full_messages)
  expectSame(errors.details, decode(recorded.details))
}
