export { constantTimeEqual } from './constant_time.ts'
export { digestPassword, maxPasswordBytes, passwordMatches } from './password_digest.ts'
export { randomBase58, randomHex, randomUrlSafe } from './random_token.ts'
