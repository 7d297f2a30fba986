import { externalToInternalDmmf, getInternalDMMF } from '@prisma/get-dmmf'
import path from 'node:path'

/** What Prisma's client generator uses of @prisma/internals. */
export const internals = {
  externalToInternalDmmf,
  getInternalDMMF,

  assertNever(_value: never, message: string): never {
    throw new Error(message)
  },

  hasOwnProperty: (object: object, key: string): boolean => Object.hasOwn(object, key),

  isValidJsIdentifier: (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text),

  parseEnvValue: (entry: { value: string | null }): string | null => entry.value,

  pathToPosix: (file: string): string => file.split(path.sep).join(path.posix.sep),

  setClassName: (target: object, name: string): unknown => Object.defineProperty(target, 'name', { value: name, configurable: true }),
}
