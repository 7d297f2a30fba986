export { CookieJar } from './cookie_jar.ts'
export type { CookieExpiry, CookieOptions, SameSite } from './cookie_options.ts'
export { type CookieJarSettings, CookiePolicy, type CookieRequest } from './cookie_policy.ts'
export type { EncryptedCookies, PermanentCookies, SignedCookies } from './derived_jars.ts'
