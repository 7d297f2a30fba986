import { isBlank } from '../../values/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { Errors } from './errors.ts'

/** What a validator of an application's own sees of a record. */
export interface ValidatedLike {
  readonly errors: Errors
}

/** Checks a record: `this.validatesWith(PostalCodeValidator, { country: 'no' })`.
 * @example
 * class DatesValidator extends Validator<Trip> {
 *   validate(trip: Trip) { if (trip.ends_on < trip.starts_on) trip.errors.add('ends_on', 'is before the start') }
 * }
 */
export abstract class Validator<R = ValidatedLike> {
  readonly options: Readonly<Record<string, unknown>>

  constructor(options: Readonly<Record<string, unknown>> = {}) {
    this.options = options
  }

  abstract validate(record: R): unknown
}

/** Checks attributes one by one: with `validatesWith(EmailValidator, { attributes: ['email'] })`, or as a rule of `validates` by the name
 * that {@link registerValidator} gave it. */
export abstract class EachValidator<R = ValidatedLike> extends Validator<R> {
  readonly attributes: readonly string[]

  constructor(options: Readonly<Record<string, unknown>> = {}) {
    super(options)
    this.attributes = [(options['attributes'] ?? []) as string | readonly string[]].flat()
    if (this.attributes.length === 0) throw new InvalidArgument({ reason: `${new.target.name} needs attributes to validate.` })
  }

  abstract validateEach(record: R, attribute: string, value: unknown): unknown

  override async validate(record: R): Promise<void> {
    const { allowNil, allowBlank } = this.options
    for (const attribute of this.attributes) {
      const value: unknown = await Reflect.get(record as object, attribute)
      if ((allowNil === true && (value === null || value === undefined)) || (allowBlank === true && isBlank(value))) continue
      await this.validateEach(record, attribute, value)
    }
  }
}

export type ValidatorClass = new (options: Readonly<Record<string, unknown>>) => Validator<never>
export type EachValidatorClass = new (options: Readonly<Record<string, unknown>>) => EachValidator<never>

const registered = new Map<string, EachValidatorClass>()

/** Makes a validator a rule of `validates`: `this.validates('email', { email: true })`.
 *
 * Tell the compiler its options with `declare module 'regauge' { interface CustomRules { email?: true } }`.
 */
export function registerValidator(rule: string, validator: EachValidatorClass): void {
  registered.set(rule, validator)
}

/** The check of a validator with its options. */
export function checkWith(validator: ValidatorClass, options: Readonly<Record<string, unknown>>): (record: ModelRecord) => unknown {
  const made = new validator(options)
  return (record) => made.validate(record as never)
}

export function registeredValidator(rule: string): EachValidatorClass | undefined {
  return registered.get(rule)
}

export function registeredRules(): string[] {
  return [...registered.keys()]
}
