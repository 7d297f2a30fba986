const errorsOfRuby = new Set(['StandardError', 'Exception', 'RuntimeError'])

/** Finds among error classes, or their names, one of Ruby's that stands for any error: nothing that is thrown here has its name, and what is declared
 * for it would never be asked. */
export function errorOfRuby(errors: readonly unknown[]): string | undefined {
  return errors.find((error) => typeof error === 'string' && errorsOfRuby.has(error)) as string | undefined
}
