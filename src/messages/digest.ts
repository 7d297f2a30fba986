import { createHash, getHashes } from 'node:crypto'
import { didYouMean } from '../naming/index.ts'
import { InvalidMessageOption } from './errors.ts'

const lengths = new Map<string, number>()

/** Node's name of a digest that Rails names `SHA1`, `SHA256` or `OpenSSL::Digest::SHA512`.
 * @throws InvalidMessageOption when there is no such digest
 */
export function digestName(name: string): string {
  const plain = name.replace(/^OpenSSL::Digest::/, '').toLowerCase()
  digestLength(plain)
  return plain
}

/** How many bytes a digest has. */
export function digestLength(name: string): number {
  const known = lengths.get(name)
  if (known !== undefined) return known
  if (!getHashes().includes(name)) {
    const suggestion = didYouMean(name, ['sha1', 'sha256', 'sha384', 'sha512'])
    throw new InvalidMessageOption({ option: 'digest', value: JSON.stringify(name), expected: "a name such as 'SHA256'", suggestion })
  }
  const length = createHash(name).digest().length
  lengths.set(name, length)
  return length
}

/** A short digest that names content, as `ActiveSupport::Digest.hexdigest` makes for ETags and cache keys: 32 hexadecimal digits of SHA256.
 * @example hexDigest('') // 'e3b0c44298fc1c149afbf4c8996fb924'
 */
export function hexDigest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}
