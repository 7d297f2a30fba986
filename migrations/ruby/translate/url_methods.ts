import type { ValueMethod, ValueMethods } from './value_methods.ts'
import { number, text, type ValueType } from './value_types.ts'

const read =
  (write: (url: string) => string, type: ValueType = text): ValueMethod =>
  ({ receiver }) => ({ code: write(receiver.code), type })

/** Ruby's methods of addresses, which are JavaScript's `URL`. */
export const urlMethods: ValueMethods = {
  to_s: read((url) => `${url}.href`),
  scheme: read((url) => `${url}.protocol.slice(0, -1)`),
  host: read((url) => `${url}.hostname`),
  hostname: read((url) => `${url}.hostname`),
  path: read((url) => `${url}.pathname`),
  port: read((url) => `Number(${url}.port || (${url}.protocol === 'https:' ? 443 : 80))`, number),
  query: read((url) => `(${url}.search.slice(1) || null)`, { ...text, isNullable: true }),
  fragment: read((url) => `(${url}.hash.slice(1) || null)`, { ...text, isNullable: true }),
  userinfo: read((url) => `([${url}.username, ${url}.password].filter(Boolean).join(':') || null)`, { ...text, isNullable: true }),
}
