import type { PortedFile } from '../ported_file.ts'
import { untypedFile } from '../ruby/translate/index.ts'

const text = `// The compiler reads the models together, with whichever file it begins: a class and what is mixed into it may speak of each other.
import type {} from '../db/generated/register.ts'

/** What Ruby says no type of, and nothing in the application tells: a parameter that any object may be given, a method of a gem.
 * Each place is to be filled in. With \`unknown\` here, the compiler lists those that rely on it. */
// biome-ignore lint/suspicious/noExplicitAny: it is the one place
export type Untyped = any

/** A class that a module can be mixed into. */
export type Mixable = (new (...args: Untyped[]) => Untyped) & Record<string, Untyped>
`

/** The file of the types that ported files name where they know none; undefined when none does. */
export function untypedTypes(files: readonly PortedFile[]): PortedFile | undefined {
  return files.some(({ text }) => /^import type \{ [\w, ]+ \} from '[./]+\/untyped\.ts'$/m.test(text))
    ? { path: untypedFile, text }
    : undefined
}
