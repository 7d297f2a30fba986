import type { UploadedFile } from '../body/uploaded_file.ts'

/** What a parameter may be. Query strings and forms have only strings, `null`, arrays and hashes; JSON has all but files. */
export type ParameterValue = string | number | boolean | null | UploadedFile | ParameterValue[] | ParameterHash

/** Parameters by name. Made by `createParameterHash` only: it inherits nothing, so that a key from outside never meets a method. */
export interface ParameterHash {
  [key: string]: ParameterValue
}

// An empty prototype instead of null: V8 keeps such objects in its fast mode, which it doesn't for Object.create(null).
const Hash = function ParameterHash() {} as unknown as { new (): ParameterHash; prototype: object }
Hash.prototype = Object.freeze(Object.create(null))

/** Makes an empty hash without `Object.prototype` behind it: `hash.constructor` and `hash.__proto__` are undefined until set as keys. */
export function createParameterHash(): ParameterHash {
  return new Hash()
}

/** Whether a value is a hash of parameters, and not an array, a file or a scalar. */
export function isParameterHash(value: unknown): value is ParameterHash {
  return value instanceof Hash
}

/** Merges hashes into a new one; later ones win, nested hashes are replaced and not merged, as Rails' `merge` does. */
export function mergeParameters(...hashes: readonly Readonly<Record<string, unknown>>[]): ParameterHash {
  const merged = createParameterHash()
  for (let i = 0; i < hashes.length; i++) for (const key in hashes[i]) merged[key] = hashes[i]![key] as ParameterValue
  return merged
}
