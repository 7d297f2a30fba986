import { PerApplication } from '../context/index.ts'
import { NoSecret } from './errors.ts'
import { KeyGenerator } from './key_generator.ts'
import type { MessageVerifier, VerifierOptions } from './message_verifier.ts'
import type { MessageEncryptor } from './message_encryptor.ts'
import { MessageEncryptors, MessageVerifiers, type SecretGenerator } from './rotation_coordinator.ts'

/** Rounds with which an application derives its keys: the secret is random and long, so that there is nothing to guess. */
const iterations = 1000

/** The keys of an application and what is made of them, all from one `secretKeyBase`: what `Rails.application` offers under these names.
 * @example application().messageVerifier('unsubscribe').generate(user.id)
 */
export class ApplicationMessages {
  /** Verifiers by name. `rotate` them in an initializer. */
  readonly messageVerifiers: MessageVerifiers
  /** Encryptors by name. `rotate` them in an initializer. */
  readonly messageEncryptors: MessageEncryptors
  readonly #secretKeyBase: () => string
  readonly #digest: () => string
  #keyGenerator: KeyGenerator | undefined

  /** @param secretKeyBase a function is asked when the first key is derived
   * @param digest `SHA256`; `SHA1` to share messages with a Rails application whose key generator is still the one from before 7.0
   */
  constructor(secretKeyBase: string | (() => string), digest: string | (() => string) = 'SHA256') {
    this.#secretKeyBase = typeof secretKeyBase === 'function' ? secretKeyBase : () => secretKeyBase
    this.#digest = typeof digest === 'function' ? digest : () => digest
    const generator: SecretGenerator = (salt, { secretKeyBase: other, length }) =>
      (other === undefined ? this.keyGenerator : this.#keysOf(other)).generateKey(salt, length)
    this.messageVerifiers = new MessageVerifiers(generator).rotate(signedIdOptions).rotateDefaults()
    this.messageEncryptors = new MessageEncryptors(generator).rotateDefaults()
  }

  /** Derives keys: `keyGenerator.generateKey('salt')`.
   * @throws NoSecret before there is a secret
   */
  get keyGenerator(): KeyGenerator {
    return (this.#keyGenerator ??= this.#keysOf(this.#secretKeyBase()))
  }

  /** The verifier of a name, with a key of its own. */
  messageVerifier(name: string): MessageVerifier {
    return this.messageVerifiers.get(name)
  }

  /** The encryptor of a name, with a key of its own. */
  messageEncryptor(name: string): MessageEncryptor {
    return this.messageEncryptors.get(name)
  }

  #keysOf(secretKeyBase: string): KeyGenerator {
    if (secretKeyBase === '') throw new NoSecret({})
    return new KeyGenerator(secretKeyBase, { iterations, digest: this.#digest() })
  }
}

/** How Rails 8.1 writes signed ids, unlike all other messages. */
const signedIdOptions = (salt: string): VerifierOptions | undefined =>
  salt === 'active_record/signed_id' ? { digest: 'SHA256', serializer: 'plain_json', urlSafe: true } : undefined

const holder = new PerApplication<ApplicationMessages>()

/** Sets the secrets of an application, and of code outside of any. The application calls it at boot. */
export function useMessages(messages: ApplicationMessages | undefined, application?: object): void {
  holder.use(messages, application)
}

/** Forgets the secrets of an application that has stopped. */
export function releaseMessages(application: object): void {
  holder.release(application)
}

/** The secrets in use.
 * @throws NoSecret when no application has booted
 */
export function currentMessages(): ApplicationMessages {
  const messages = holder.current
  if (messages === undefined) throw new NoSecret({})
  return messages
}
