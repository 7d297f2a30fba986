import { InvalidArgument } from '../errors.ts'

/** Gives a relation the methods of objects: those of accessors too, and with `this` being the relation. */
export function extend(relation: object, extensions: readonly object[]): void {
  for (const extension of extensions)
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(extension)))
      Object.defineProperty(relation, name, { ...descriptor, configurable: true })
}

/** @throws InvalidArgument for what has no methods to give, and for a `then`, which would be taken for the relation's own */
export function extensionsOf(given: readonly unknown[]): object[] {
  return given.map((extension) => {
    if (typeof extension !== 'object' || extension === null || 'then' in extension)
      throw new InvalidArgument({
        reason: `extending() takes a function of the relation, or objects with methods; it was given ${String(extension)}.`,
      })
    return extension
  })
}
