import { isDeepStrictEqual } from 'node:util'
import { fill, messageOf, messages as knownMessages } from './messages.ts'
import { errorText, fullMessage, humanAttributeName, humanModelName } from './translations.ts'

/** Options of an error that don't belong to its details. */
const notDetails = new Set(['message', 'if', 'unless', 'on', 'allowNil', 'allowBlank', 'strict'])

/** A function that makes the message of an error from the record and what the error says. */
export type ErrorText = (record: never, data: never) => string

/** What the messages of a record's errors are made from. */
export interface ErrorSubject {
  readonly constructor: Function
}

/** One thing that is wrong with a record. */
export class ValidationError {
  readonly attribute: string
  /** Rails' name of what is wrong: `blank`, `taken`, `too_short`, …; or the message itself. */
  readonly type: string | ErrorText
  readonly options: Readonly<Record<string, unknown>>
  readonly #base: ErrorSubject

  constructor(base: ErrorSubject, attribute: string, type: string | ErrorText, options: Readonly<Record<string, unknown>>) {
    this.#base = base
    this.attribute = attribute
    this.type = type
    this.options = options
  }

  get message(): string {
    const { message } = this.options
    const model = this.#base.constructor
    const value =
      'value' in this.options ? this.options['value'] : this.attribute === 'base' ? undefined : Reflect.get(this.#base, this.attribute)
    const values = {
      attribute: humanAttributeName(model, this.attribute),
      model: humanModelName(model) ?? model.name,
      value,
      ...this.#said(),
    }
    if (typeof message === 'function') return String(message(this.#base, values))
    if (typeof message === 'string' && !Object.hasOwn(knownMessages, message)) return fill(message, values)
    const type = typeof message === 'string' ? message : this.type
    if (typeof type === 'function') return String((type as (record: unknown, data: unknown) => string)(this.#base, values))
    const said = errorText(model, this.attribute, type, values['count' as keyof typeof values])
    return said === undefined ? messageOf(type, values) : fill(said, values)
  }

  /** What the validation says of the error, without what says when it is asked. */
  #said(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.options).filter(([name]) => !notDetails.has(name)))
  }

  get fullMessage(): string {
    return fullMessage(this.#base.constructor, this.attribute, this.message)
  }

  get details(): Record<string, unknown> {
    return { error: this.type, ...this.#said() }
  }

  /** Whether it is of an attribute, of a type, and has these options. */
  matches(attribute: string, type?: string | ErrorText, options: Readonly<Record<string, unknown>> = {}): boolean {
    const wanted = Object.entries(options)
    const isOfType = type === undefined || this.type === type
    return this.attribute === attribute && isOfType && wanted.every(([name, value]) => this.options[name] === value)
  }

  /** Whether it is of an attribute and a type, and has these options and no others. */
  strictlyMatches(attribute: string, type: string | ErrorText, options: Readonly<Record<string, unknown>> = {}): boolean {
    return this.attribute === attribute && isDeepStrictEqual(this.details, { error: type, ...options })
  }

  /** Whether the other says the same of the same record. */
  equals(other: ValidationError): boolean {
    return (
      this.#base === other.#base &&
      this.attribute === other.attribute &&
      this.type === other.type &&
      isDeepStrictEqual(this.options, other.options)
    )
  }
}
