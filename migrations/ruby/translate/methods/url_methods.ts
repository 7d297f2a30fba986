import type { ValueMethod, ValueMethods } from './value_methods.ts'
import { Untranslated } from '../untranslated.ts'
import { boolean, number, safely, text, type ValueType } from '../value_types.ts'

const read =
  (write: (url: string) => string, type: ValueType = text): ValueMethod =>
  ({ receiver, dot }) =>
    dot === '?.' ? safely(receiver, ({ code }) => ({ code: write(code), type })) : { code: write(receiver.code), type }

/** Ruby's methods of addresses, which are JavaScript's `URL`. */
export const urlMethods: ValueMethods = {
  to_s: read((url) => `${url}.href`),
  scheme: read((url) => `${url}.protocol.slice(0, -1)`),
  host: read((url) => `(${url}.hostname || null)`, { ...text, isNullable: true }),
  hostname: read((url) => `(${url}.hostname || null)`, { ...text, isNullable: true }),
  'relative?': ({ call }) => {
    throw new Untranslated(call, 'URL knows absolute addresses only')
  },
  'absolute?': read(() => 'true', boolean),
  path: read((url) => `${url}.pathname`),
  port: read((url) => `Number(${url}.port || (${url}.protocol === 'https:' ? 443 : 80))`, number),
  query: read((url) => `(${url}.search.slice(1) || null)`, { ...text, isNullable: true }),
  fragment: read((url) => `(${url}.hash.slice(1) || null)`, { ...text, isNullable: true }),
  userinfo: read((url) => `([${url}.username, ${url}.password].filter(Boolean).join(':') || null)`, { ...text, isNullable: true }),
}
