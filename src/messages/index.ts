export { ApplicationMessages, currentMessages, releaseMessages, useMessages } from './application_messages.ts'
export { decodeBase64, encodeBase64 } from './base64.ts'
export { Cipher, type Encrypted, keyObject } from './cipher.ts'
export { constantTimeEqual } from './constant_time.ts'
export {
  type CookieCodec,
  type CookieExpiry,
  type CookieSettings,
  cookieSalts,
  encryptedCookieCodec,
  maxCookieBytes,
  type ReadCookie,
  signedCookieCodec,
} from './cookie_codec.ts'
export type { CodecOptions, ReadOptions } from './codec.ts'
export { type FormTarget, generateCsrfToken, isValidCsrfToken, maskedCsrfToken } from './csrf_token.ts'
export { hexDigest } from './digest.ts'
export * from './errors.ts'
export { KeyGenerator, type KeyGeneratorOptions } from './key_generator.ts'
export { type EncryptorOptions, MessageEncryptor } from './message_encryptor.ts'
export { MessageVerifier, type VerifierOptions } from './message_verifier.ts'
export type { MessageMetadata, Seconds } from './metadata.ts'
export { digestPassword, maxPasswordBytes, passwordMatches } from './password_digest.ts'
export { randomBase58, randomHex, randomUrlSafe } from './random_token.ts'
export { MessageEncryptors, MessageVerifiers, type Rotation, type SecretGenerator } from './rotation_coordinator.ts'
export { decodeJson, encodeJson } from './serializers/json.ts'
export type { MessageSerializer, SerializerName } from './serializers/serializer.ts'
export { generateSessionId, privateSessionId } from './session_id.ts'
