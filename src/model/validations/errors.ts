import { StrictValidationFailed } from '../errors.ts'
import { messages as knownMessages } from './messages.ts'
import { type ErrorSubject, type ErrorText, ValidationError } from './validation_error.ts'

export { type ErrorSubject, type ErrorText, ValidationError } from './validation_error.ts'

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
  add(attribute: string, type: string | ErrorText = 'invalid', options: Readonly<Record<string, unknown>> = {}): ValidationError {
    const error = new ValidationError(this.#base, attribute, type, options)
    if (options['strict'] === true) throw new StrictValidationFailed({ message: error.fullMessage })
    this.#errors.push(error)
    return error
  }

  /** Takes over an error of another record, under its name or another; its message stays.
   * @param override the name, or the name and the type
   */
  import(error: ValidationError, override: string | { readonly attribute?: string; readonly type?: string } = {}): void {
    const { attribute = error.attribute, type = error.type } = typeof override === 'string' ? { attribute: override } : override
    this.#errors.push(new ValidationError(this.#base, attribute, type, { ...error.options, message: error.message }))
  }

  /** Takes over the errors of another record. Rails' `merge!`. */
  merge(other: Errors): void {
    if (other !== this) for (const error of other) this.import(error)
  }

  /** Has the errors of another record in place of its own. Rails' `copy!`. */
  copy(other: Errors): void {
    this.#errors = [...other].map((error) => new ValidationError(this.#base, error.attribute, error.type, error.options))
  }

  /** Says once what was added several times. Rails' `uniq!`. */
  uniq(): void {
    this.#errors = this.#errors.filter((error, place) => this.#errors.findIndex((earlier) => earlier.equals(error)) === place)
  }

  /** Takes out the errors after the first ones.
   * @param count how many stay
   */
  takeFrom(count: number): ValidationError[] {
    return this.#errors.splice(count)
  }

  /** The errors as a list. */
  get objects(): readonly ValidationError[] {
    return [...this.#errors]
  }

  /** The errors by attribute. */
  get groupByAttribute(): Record<string, ValidationError[]> {
    return this.#grouped((error) => error)
  }

  /** Whether such an error was added. */
  added(attribute: string, type = 'invalid', options: Readonly<Record<string, unknown>> = {}): boolean {
    if (!Object.hasOwn(knownMessages, type)) return this.get(attribute).includes(type)
    return this.#errors.some((error) => error.strictlyMatches(attribute, type, options))
  }

  /** Whether an error of a type was added, with whatever options. */
  isOfKind(attribute: string, type = 'invalid'): boolean {
    if (!Object.hasOwn(knownMessages, type)) return this.get(attribute).includes(type)
    return this.#errors.some((error) => error.attribute === attribute && error.type === type)
  }

  /** The errors of an attribute: all, or those of a type, with these options where some are named. */
  where(attribute: string, type?: string, options: Readonly<Record<string, unknown>> = {}): ValidationError[] {
    return this.#errors.filter((error) => error.matches(attribute, type, options))
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
  delete(attribute: string, type?: string, options: Readonly<Record<string, unknown>> = {}): string[] | null {
    const removed = this.where(attribute, type, options)
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
    return new ValidationError(this.#base, attribute, () => message, {}).fullMessage
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
