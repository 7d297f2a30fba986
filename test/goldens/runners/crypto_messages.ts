import { type EncryptorOptions, MessageEncryptor, MessageVerifier, type VerifierOptions } from '../../../src/messages/index.ts'
import { applicationMessages } from './crypto_application.ts'
import { type Check, decode, expectOutcome, expectSame, hex, metadataOf, type Recorded, serializerOf } from './crypto_values.ts'

interface RecordedConfig {
  readonly serializer?: string
  readonly digest?: string
  readonly cipher?: string
  readonly url_safe?: boolean
  readonly force_legacy_metadata_serializer?: boolean
}

interface MessageCase extends Recorded {
  readonly config: RecordedConfig
  readonly secret: string
  readonly key_hex: string
  readonly sign_key_hex: string | null
  readonly value: unknown
  readonly options: { readonly purpose?: unknown }
  readonly message: string | null
}

/** Verifiers and encryptors: what they write, byte by byte, and what they read. */
export const messages: Readonly<Record<string, Check>> = {
  'message_verifier.generate'(one: MessageCase) {
    const verifier = verifierOf(one)
    expectSame(verifier.generate(decode(one.value), metadataOf(one.options)), one.message)
    const { purpose, expiresAt } = metadataOf(one.options)
    // A value that looks like an envelope is taken for one, in Rails too.
    const looksLikeEnvelope = typeof one.value === 'object' && one.value !== null && '_rails' in one.value
    if (!looksLikeEnvelope && (expiresAt == null || expiresAt.getTime() > Date.now()))
      expectSame(verifier.verify(one.message, { purpose }), decode(one.value))
  },

  async 'message_verifier.read'(one: MessageCase & { verify: Recorded; verified: Recorded; valid_message: boolean }) {
    const verifier = verifierOf(one)
    const { purpose } = metadataOf(one.options)
    await expectOutcome(one.verify, () => verifier.verify(one.message, { purpose }))
    await expectOutcome(one.verified, () => verifier.verified(one.message, { purpose }))
    expectSame(verifier.isValidMessage(one.message), one.valid_message)
  },

  async 'message_verifier.rotation'(one: MessageCase & { rotations: [string, RecordedConfig][]; on_rotation_called: boolean }) {
    const verifier = verifierOf(one)
    for (const [secret, config] of one.rotations) verifier.rotate(secret, optionsOf(config))
    let called = false
    const onRotation = () => {
      called = true
    }
    await expectOutcome(one, () => verifier.verify(one.message, { purpose: metadataOf(one.options).purpose, onRotation }))
    expectSame(called, one.on_rotation_called)
  },

  app_message_verifier(one: MessageCase & { name: string }, golden) {
    const verifier = applicationMessages(golden).messageVerifier(one.name)
    expectSame(verifier.generate(decode(one.value), metadataOf(one.options)), one.message)
    expectSame(verifier.verify(one.message, { purpose: metadataOf(one.options).purpose }), decode(one.value))
  },

  'message_encryptor.encrypt'(one: MessageCase) {
    const encryptor = encryptorOf(one)
    expectSame(encryptor.encryptAndSign(decode(one.value), metadataOf(one.options)), one.message)
    expectSame(encryptor.decryptAndVerify(one.message, { purpose: metadataOf(one.options).purpose }), decode(one.value))
  },

  async 'message_encryptor.read'(one: MessageCase) {
    const encryptor = encryptorOf(one)
    await expectOutcome(one, () => encryptor.decryptAndVerify(one.message, { purpose: metadataOf(one.options).purpose }))
  },
}

function verifierOf(one: Pick<MessageCase, 'secret' | 'config'>): MessageVerifier {
  return new MessageVerifier(one.secret, optionsOf(one.config))
}

function encryptorOf(one: Pick<MessageCase, 'key_hex' | 'sign_key_hex' | 'config'>): MessageEncryptor {
  const signSecret = one.sign_key_hex === null ? undefined : hex(one.sign_key_hex)
  return new MessageEncryptor(hex(one.key_hex), { ...optionsOf(one.config), ...(signSecret && { signSecret }) })
}

function optionsOf(config: RecordedConfig): VerifierOptions & EncryptorOptions {
  const serializer = serializerOf(config.serializer)
  return {
    ...(serializer !== undefined && { serializer }),
    ...(config.digest !== undefined && { digest: config.digest }),
    ...(config.cipher !== undefined && { cipher: config.cipher }),
    ...(config.url_safe !== undefined && { urlSafe: config.url_safe }),
    ...(config.force_legacy_metadata_serializer === true && { forceLegacyMetadataSerializer: true }),
  }
}
