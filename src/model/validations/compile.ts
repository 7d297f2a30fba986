import { didYouMean } from '../../naming/index.ts'
import { guardOf, list } from '../callbacks/guard.ts'
import type { CallbackBody, Guard } from '../callbacks/declaration.ts'
import type { Declarations } from '../declarations.ts'
import { CallbackAborted } from '../../errors/index.ts'
import { InvalidArgument, StrictValidationFailed } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { CollectionBase } from '../associations/collection_base.ts'
import { Reference } from '../associations/reference.ts'
import type { Reflection } from '../associations/reflection.ts'
import { isRecord } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isBlank } from '../../values/index.ts'
import { isReset, validationsInForce } from './in_force.ts'
import { skipsOf } from '../callbacks/in_force.ts'
import { checkWith, registeredRules, registeredValidator } from './custom_validator.ts'
import type { StrictError, ValidationDeclaration } from './declaration.ts'
import type { AttributeValidator, ValidatorFactory } from './validator.ts'
import { associated, requiredOwner, validAssociated } from './validators/associated.ts'
import { comparison } from './validators/comparison.ts'
import { confirmation } from './validators/confirmation.ts'
import { format } from './validators/format.ts'
import { exclusion, inclusion } from './validators/inclusion.ts'
import { length } from './validators/length.ts'
import { numericality } from './validators/numericality.ts'
import { absence, acceptance, presence } from './validators/presence.ts'
import { uniqueness } from './validators/uniqueness.ts'

/** The built-in rules of `validates`. */
export const validators: Readonly<Record<string, ValidatorFactory>> = {
  absence,
  acceptance,
  associated,
  comparison,
  confirmation,
  exclusion,
  format,
  inclusion,
  length,
  numericality,
  presence,
  size: length,
  uniqueness,
}

/** A compiled validation of a record. */
export interface Validation {
  readonly sequence: number
  /** The contexts it runs in; undefined for all. */
  readonly on: readonly string[] | undefined
  /** The contexts it doesn't run in. */
  readonly exceptOn: readonly string[]
  readonly guard: Guard | undefined
  check(record: ModelRecord): void | Promise<void>
}

/** Compiles the validations of a class, those of its associations among them, in the order of their declaration. */
export function compileValidations(info: ModelInfo, declarations: readonly Declarations[]): Validation[] {
  const skips = skipsOf(info.model)
  const declared = validationsInForce(declarations, skips).map((declaration) => compile(info, declaration))
  const ofAssociations = associationValidations(info).filter(({ sequence }) => !isReset(skips, sequence))
  const last = [...info.reflections.values()].some((each) => each.isDeclared && isValidated(each)) ? [saidOnce] : []
  return [...[...ofAssociations, ...declared].sort((a, b) => a.sequence - b.sequence), ...last]
}

/** Records that are validated with each other may be reached twice: as in Rails, what both ways found is said once. */
const saidOnce: Validation = {
  sequence: Number.POSITIVE_INFINITY,
  on: undefined,
  exceptOn: [],
  guard: undefined,
  check: ({ errors }) => {
    if (errors.size > 1) errors.uniq()
  },
}

function associationValidations(info: ModelInfo): Validation[] {
  return [...info.reflections.values()].flatMap((reflection): Validation[] => {
    const { sequence } = reflection
    const found: Validation[] = []
    const always = { sequence, on: undefined, exceptOn: [], guard: undefined }
    if (isValidated(reflection)) found.push({ ...always, check: (record) => validAssociated(reflection, record) })
    if (reflection.isRequired) found.push({ ...always, check: (record) => requiredOwner(reflection, record) })
    return found
  })
}

/** Whether associated records are validated with their owner. */
function isValidated({ kind, options }: Reflection): boolean {
  return options.validate ?? (kind === 'hasMany' || options.autosave === true)
}

function compile(info: ModelInfo, declaration: ValidationDeclaration): Validation {
  const { rule, options, sequence } = declaration
  const on = options['on'] === undefined ? undefined : list(options['on'] as string | string[])
  const check = typeof rule === 'string' ? ruleCheck(info, rule, declaration) : bodyCheck(rule.body)
  const exceptOn = list(options['exceptOn'] as string | string[] | undefined)
  return { sequence, on, exceptOn, guard: guardOf(options), check: options['strict'] ? strictly(check, options['strict']) : check }
}

function bodyCheck(body: CallbackBody): Validation['check'] {
  return async (record) => {
    try {
      if (typeof body === 'function') await body.call(record as never, record as never, undefined as never)
      else await (Reflect.get(record, body) as () => unknown).call(record)
    } catch (error) {
      if (!(error instanceof CallbackAborted)) throw error
    }
  }
}

/** @throws InvalidArgument for an unknown rule, with a suggestion */
function ruleCheck(
  info: ModelInfo,
  rule: string,
  { attributes, options, declaredBy = info.model }: ValidationDeclaration,
): Validation['check'] {
  const factory = Object.hasOwn(validators, rule) ? validators[rule] : undefined
  const custom = registeredValidator(rule)
  if (factory === undefined && custom !== undefined) {
    const check = checkWith(custom, { ...options, attributes })
    return async (record) => void (await check(record))
  }
  if (factory === undefined) {
    const suggestion = didYouMean(rule, [...Object.keys(validators), ...registeredRules()])
    throw new InvalidArgument({
      reason: `${info.model.name} validates '${attributes.join("', '")}' with an unknown rule '${rule}'.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`,
    })
  }
  const validate = factory(options, info, declaredBy)
  return (record) => checkAttributes(validate, record, attributes, options, 0)
}

/** Goes on synchronously as long as nothing has to be awaited. */
function checkAttributes(
  validate: AttributeValidator,
  record: ModelRecord,
  attributes: readonly string[],
  options: Readonly<Record<string, unknown>>,
  from: number,
): void | Promise<void> {
  for (let place = from; place < attributes.length; place++) {
    const attribute = attributes[place]!
    const value: unknown = Reflect.get(record, attribute)
    const pending = isLoadable(value)
      ? Promise.resolve(value).then((loaded) => checkValue(validate, record, attribute, loaded, options))
      : checkValue(validate, record, attribute, value, options)
    if (pending !== undefined) return pending.then(() => checkAttributes(validate, record, attributes, options, place + 1))
  }
}

function isLoadable(value: unknown): value is PromiseLike<unknown> {
  return value instanceof Reference || value instanceof CollectionBase
}

function checkValue(
  validate: AttributeValidator,
  record: ModelRecord,
  attribute: string,
  value: unknown,
  options: Readonly<Record<string, unknown>>,
): void | Promise<void> {
  if (options['allowNil'] === true && (value === null || value === undefined)) return
  if (options['allowBlank'] === true && !isRecord(value) && isBlank(value)) return
  return validate(record, attribute, value)
}

/** Throws what the check would have added.
 * @throws StrictValidationFailed with the full message, or an error of the class given
 */
function strictly(check: Validation['check'], kind: unknown): Validation['check'] {
  return async (record) => {
    const before = record.errors.size
    await check(record)
    const [added] = record.errors.takeFrom(before)
    if (added === undefined) return
    if (typeof kind === 'function') throw new (kind as StrictError)(added.fullMessage)
    throw new StrictValidationFailed({ message: added.fullMessage })
  }
}
