import { didYouMean } from '../naming/index.ts'
import type { Components, Schema } from './document.ts'
import type { ModelSchemas } from './model_schemas.ts'
import { isBuiltInType, typeSchema } from './type_expression.ts'

/** Reads types in comments, and remembers which models they name. */
export class CommentTypes {
  readonly usedModels = new Set<string>()
  readonly #models: ModelSchemas
  readonly #components: Components

  constructor(models: ModelSchemas, components: Components) {
    this.#models = models
    this.#components = components
  }

  /** @returns the schema, or a sentence that says what is wrong */
  read(text: string): { schema: Schema } | { error: string } {
    if (text.startsWith('#/')) return this.hasComponent(text) ? { schema: { $ref: text } } : { error: `${text} is no shared component` }
    const result = typeSchema(text, this)
    if (!('error' in result)) return result
    const unknown = /^nothing is named '(.+)'$/.exec(result.error)?.[1]
    const suggestion = unknown === undefined ? undefined : didYouMean(unknown, [...this.#models.names, ...this.#sharedSchemas])
    return suggestion === undefined ? result : { error: `${result.error}; did you mean ${suggestion}?` }
  }

  resolve(name: string): Schema | undefined {
    if (!this.#sharedSchemas.includes(name)) {
      if (!this.#models.has(name)) return undefined
      this.usedModels.add(name)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  /** Whether a text begins with something that can only be meant as a type. */
  isTypeLike(word: string): boolean {
    const name = /^[A-Za-z_]\w*/.exec(word)?.[0]
    if (name === undefined) return /^[#{[('"]/.test(word)
    return isBuiltInType(name) || this.#models.has(name) || this.#sharedSchemas.includes(name)
  }

  /** Whether `#/components/KIND/NAME` exists. */
  hasComponent(reference: string): boolean {
    const [, , kind = '', name = ''] = reference.split('/')
    const section = Object.hasOwn(this.#components, kind) ? this.#components[kind] : undefined
    return (section !== undefined && Object.hasOwn(section, name)) || (kind === 'schemas' && this.resolve(name) !== undefined)
  }

  get #sharedSchemas(): string[] {
    return Object.keys(this.#components.schemas ?? {})
  }
}

/** Splits a text into the type at its beginning and the rest: `{ a: string }[] the list` → `{ a: string }[]`, `the list`. */
export function splitType(text: string): [type: string, rest: string] {
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === "'" || letter === '"') quote = letter
    else if ('{[(<'.includes(letter)) depth++
    else if ('}])>'.includes(letter)) depth--
    else if (letter === ' ' && depth === 0 && !/^\s*[|&]/.test(text.slice(at)) && !/[|&]\s*$/.test(text.slice(0, at))) {
      return [text.slice(0, at), text.slice(at + 1).trim()]
    }
  }
  return [text, '']
}
