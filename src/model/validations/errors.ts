import { StrictValidationFailed } from '../errors.ts'
import { fill, messageOf, messages as knownMessages } from './messages.ts'
import { errorText, humanAttributeName, humanModelName, translate } from './translations.ts'

/** Options of an error that don't belong to its details. */
const notDetails = new Set(['message', 'if', 'unless', 'on', 'allowNil', 'allowBlank', 'strict'])

/** What the messages of a record's errors are made from. */
export interface ErrorSubject {
  readonly constructor: Function
}

/** One thing that is wrong with a record. */
export class ValidationError {
  readonly attribute: string
  /** Rails' name of what is wrong: `blank`, `taken`, `too_short`, …; or the message itself. */
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly #base: ErrorSubject

  constructor(base: ErrorSubject, attribute: string, type: string, options: Readonly<Record<string, unknown>>) {
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
      ...this.options,
    }
    if (typeof message === 'function') return String(message(this.#base, values))
    if (typeof message === 'string' && !Object.hasOwn(knownMessages, message)) return fill(message, values)
    const type = typeof message === 'string' ? message : this.type
    const said = errorText(model, this.attribute, type, values['count' as keyof typeof values])
    return said === undefined ? messageOf(type, values) : fill(said, values)
  }

  get fullMessage(): string {
    if (this.attribute === 'base') return this.message
    const format = translate(() => ['errors.format']) ?? '%{attribute} %{message}'
    return fill(format, { attribute: humanAttributeName(this.#base.constructor, this.attribute), message: this.message })
  }

  get details(): Record<string, unknown> {
    return { error: this.type, ...Object.fromEntries(Object.entries(this.options).filter(([name]) => !notDetails.has(name))) }
  }
}

/** What is wrong with a record, in the order in which it was found. */
export class Errors implements Iterable<ValidationError> {
  readonly #base: ErrorSubject
  #errors: ValidationError[] = []

  constructor(base: ErrorSubject) {
    this.#base = base
  }

  /** Adds an error.
   * @param type Rails' name of it (`'blank'`, `'taken'`), or a message
   * @throws StrictValidationFailed with `strict: true`
   * @example errors.add('title', 'too_short', { count: 3 })
   * @example errors.add('base', 'The order is closed')
   */
  add(attribute: string, type = 'invalid', options: Readonly<Record<string, unknown>> = {}): ValidationError {
    const error = new ValidationError(this.#base, attribute, type, options)
    if (options['strict'] === true) throw new StrictValidationFailed({ message: error.fullMessage })
    this.#errors.push(error)
    return error
  }

  /** Takes over an error of another record under another name. */
  import(error: ValidationError, attribute: string): void {
    this.#errors.push(new ValidationError(this.#base, attribute, error.type, { ...error.options, message: error.message }))
  }

  /** Whether such an error was added. */
  added(attribute: string, type = 'invalid', options: Readonly<Record<string, unknown>> = {}): boolean {
    if (!Object.hasOwn(knownMessages, type)) return this.get(attribute).includes(type)
    const wanted = { error: type, ...options }
    return this.#errors.some((error) => error.attribute === attribute && sameDetails(error.details, wanted))
  }

  /** Whether an error of a type was added, with whatever options. */
  isOfKind(attribute: string, type = 'invalid'): boolean {
    if (!Object.hasOwn(knownMessages, type)) return this.get(attribute).includes(type)
    return this.#errors.some((error) => error.attribute === attribute && error.type === type)
  }

  /** The errors of an attribute: all, or those of a type, with these options where some are named. */
  where(attribute: string, type?: string, options: Readonly<Record<string, unknown>> = {}): ValidationError[] {
    const wanted = Object.entries(options)
    return this.#errors.filter(
      (error) =>
        error.attribute === attribute &&
        (type === undefined || error.type === type) &&
        wanted.every(([name, value]) => error.options[name] === value),
    )
  }

  /** The messages of an attribute. Rails' `errors[:title]`. */
  get(attribute: string): string[] {
    return this.where(attribute).map((error) => error.message)
  }

  /** The messages of an attribute. */
  of(attribute: string): string[] {
    return this.get(attribute)
  }

  has(attribute: string): boolean {
    return this.#errors.some((error) => error.attribute === attribute)
  }

  /** Rails' `errors.include?(:title)`. */
  include(attribute: string): boolean {
    return this.has(attribute)
  }

  /** Takes errors of an attribute out.
   * @returns their messages; null when there were none
   */
  delete(attribute: string, type?: string): string[] | null {
    const removed = this.where(attribute, type)
    this.#errors = this.#errors.filter((error) => !removed.includes(error))
    return removed.length === 0 ? null : removed.map((error) => error.message)
  }

  /** The message that an error of a type would have. */
  generateMessage(attribute: string, type = 'invalid', options: Readonly<Record<string, unknown>> = {}): string {
    return new ValidationError(this.#base, attribute, type, options).message
  }

  /** Rails' `errors.to_a`. */
  toArray(): string[] {
    return this.fullMessages
  }

  clear(): void {
    this.#errors = []
  }

  get size(): number {
    return this.#errors.length
  }

  get count(): number {
    return this.#errors.length
  }

  isEmpty(): boolean {
    return this.#errors.length === 0
  }

  /** Another name of {@link isEmpty}. */
  isBlank(): boolean {
    return this.isEmpty()
  }

  /** The messages of an attribute: Rails' `messages_for`. */
  messagesFor(attribute: string): string[] {
    return this.get(attribute)
  }

  /** A message of an attribute as a sentence. */
  fullMessage(attribute: string, message: string): string {
    return new ValidationError(this.#base, attribute, message, { message }).fullMessage
  }

  isAny(): boolean {
    return this.#errors.length > 0
  }

  get attributeNames(): string[] {
    return [...new Set(this.#errors.map((error) => error.attribute))]
  }

  /** Messages by attribute. */
  get messages(): Record<string, string[]> {
    return this.#grouped((error) => error.message)
  }

  /** What is wrong by attribute, for programs: `{ title: [{ error: 'blank' }] }`. */
  get details(): Record<string, Record<string, unknown>[]> {
    return this.#grouped((error) => error.details)
  }

  get fullMessages(): string[] {
    return this.#errors.map((error) => error.fullMessage)
  }

  fullMessagesFor(attribute: string): string[] {
    return this.where(attribute).map((error) => error.fullMessage)
  }

  /** Messages by attribute, as Rails renders errors; with `fullMessages`, the sentences. */
  asJson(options: { fullMessages?: boolean } = {}): Record<string, string[]> {
    return options.fullMessages ? this.#grouped((error) => error.fullMessage) : this.messages
  }

  toHash(fullMessages = false): Record<string, string[]> {
    return this.asJson({ fullMessages })
  }

  toJSON(): Record<string, string[]> {
    return this.messages
  }

  [Symbol.iterator](): Iterator<ValidationError> {
    return this.#errors.values()
  }

  #grouped<T>(read: (error: ValidationError) => T): Record<string, T[]> {
    const grouped: Record<string, T[]> = {}
    for (const error of this.#errors) {
      if (!Object.hasOwn(grouped, error.attribute))
        Object.defineProperty(grouped, error.attribute, { value: [], enumerable: true, writable: true, configurable: true })
      grouped[error.attribute]!.push(read(error))
    }
    return grouped
  }
}

function sameDetails(details: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  const names = Object.keys(details)
  return names.length === Object.keys(wanted).length && names.every((name) => details[name] === wanted[name])
}
