import { upcaseFirst } from '../../naming/index.ts'
import { isBlank, isObjectLiteral } from '../../values/index.ts'
import type { AssociationKind, AssociationOptions, NestedOptions } from '../associations/declaration.ts'
import type { CallbackBody, CallbackEvent, CallbackPosition, SkippedEvent } from '../callbacks/declaration.ts'
import { addCallback, type CallbackArguments, resetCallbacks, skipCallbacks } from '../callbacks/declaring.ts'
import { requireBinding } from '../binding.ts'
import { infoOf } from '../model_info.ts'
import { mainClassOf } from '../model_factory.ts'
import { withoutTouching } from './no_touching.ts'
import { suppressing } from './suppressing.ts'
import type { SqlValue } from '../database.ts'
import { InvalidArgument } from '../errors.ts'
import { declarationsOf, declare, declareAccessor } from '../declarations.ts'
import { nextSequence } from '../sequence.ts'
import { currentTransaction } from '../transactions/connection.ts'
import { TransactionHandle } from '../transactions/transaction_handle.ts'
import { inTransaction, type TransactionOptions, type TransactionWork } from '../transactions/transaction.ts'
import { checkWith, type ValidatorClass } from '../validations/custom_validator.ts'
import type { ValidationOptions } from '../validations/declaration.ts'
import { validationsInForce } from '../validations/in_force.ts'
import { skipsOf } from '../callbacks/in_force.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import type { EnumOptions } from '../attributes/declared_enum.ts'
import { AttributeMacros } from './attribute_macros.ts'

/** A validation of attributes, as it was declared. */
export interface DescribedValidation {
  /** The rule: `presence`, `length`, …; or one of the application's own. */
  readonly kind: string
  readonly attributes: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** The macros of the static block of a class. */
export class MacroStatics extends AttributeMacros {
  static belongsTo(name: string, options: AssociationOptions = {}): void {
    associate(this, 'belongsTo', name, options)
  }

  static hasOne(name: string, options: AssociationOptions = {}): void {
    associate(this, 'hasOne', name, options)
  }

  static hasMany(name: string, options: AssociationOptions = {}): void {
    associate(this, 'hasMany', name, options)
  }

  /** Many on both sides: lists on both sides of a Prisma schema, or a table between that has nothing but both keys.
   * @example this.hasAndBelongsToMany('tags')
   */
  static hasAndBelongsToMany(name: string, options: AssociationOptions = {}): void {
    associate(this, 'hasMany', name, { ...options, isManyToMany: true })
  }

  /** Lets attributes of associated records be assigned with those of their owner, as forms and `permit` lists write them; they are saved with it.
   * @example this.acceptsNestedAttributesFor('comments', { allowDestroy: true, rejectIf: 'allBlank' })
   * @example await post.update({ comments_attributes: [{ text: 'new' }, { id: 7, _destroy: '1' }] })
   */
  static acceptsNestedAttributesFor(...args: readonly (string | NestedOptions)[]): void {
    const options = args.find((arg) => typeof arg === 'object') ?? {}
    for (const association of args.filter((arg) => typeof arg === 'string')) declare(asModel(this)).nested.push({ association, options })
  }

  /** Declares validations of attributes.
   * @example this.validates('title', 'body', { presence: true, length: { maximum: 120 }, on: 'create' })
   */
  static validates(...args: readonly (string | readonly string[] | object)[]): void {
    const attributes = args.filter((arg) => typeof arg === 'string' || Array.isArray(arg)).flat() as string[]
    const rules = (args.find((arg) => typeof arg === 'object' && !Array.isArray(arg)) ?? {}) as Record<string, unknown>
    const shared = Object.fromEntries(Object.entries(rules).filter(([name]) => sharedOptions.has(name)))
    const hasRule = Object.keys(rules).some((name) => !sharedOptions.has(name))
    if (!hasRule) throw new InvalidArgument({ reason: `validates('${attributes.join("', '")}') of ${this.name} needs at least one rule.` })
    for (const [rule, given] of Object.entries(rules)) {
      if (sharedOptions.has(rule) || given === false || given === undefined || given === null) continue
      declareVirtual(this, rule, attributes)
      const options = { ...shared, ...ruleOptions(rule, given) }
      declare(asModel(this)).validations.push({ attributes, rule, options, sequence: nextSequence(), declaredBy: asModel(this) })
    }
  }

  /** Declares validations that throw StrictValidationFailed rather than add an error. Rails' `validates!`. */
  static validatesOrThrow(...args: readonly (string | readonly string[] | object)[]): void {
    this.validates(...args.map((arg) => (typeof arg === 'object' && !Array.isArray(arg) ? { strict: true, ...arg } : arg)))
  }

  /** The validations of attributes that `validates` declared here and above: of all, or of one attribute. */
  static get validators(): DescribedValidation[] {
    const declared = validationsInForce(declarationsOf(asModel(this)), skipsOf(this))
    return declared.flatMap(({ rule, attributes, options }) => (typeof rule === 'string' ? [{ kind: rule, attributes, options }] : []))
  }

  static validatorsOn(...names: readonly string[]): DescribedValidation[] {
    return this.validators.filter(({ attributes }) => attributes.some((attribute) => names.includes(attribute)))
  }

  /** Leaves out all validations that were declared here and above so far: Rails' `clear_validators!`. The class above keeps its own. */
  static clearValidators(): void {
    resetCallbacks(asModel(this), 'validate')
  }

  /** Declares methods or functions that add to `errors`. */
  static validate(...args: readonly (CallbackBody | ValidationOptions)[]): void {
    const { bodies, options } = split<ValidationOptions>(args)
    for (const body of bodies)
      declare(asModel(this)).validations.push({ attributes: [], rule: { body }, options: { ...options }, sequence: nextSequence() })
  }

  /** Calls a function with each value of some attributes.
   * @example this.validatesEach('title', (record, attribute, value) => { if (value === 'x') record.errors.add(attribute, 'invalid') })
   */
  static validatesEach(
    ...args: readonly (string | ValidationOptions | ((record: never, attribute: string, value: never) => unknown))[]
  ): void {
    const check = args.find((arg) => typeof arg === 'function') as (record: ModelRecord, attribute: string, value: unknown) => unknown
    const options = (args.find((arg) => typeof arg === 'object') ?? {}) as ValidationOptions
    for (const attribute of args.filter((arg) => typeof arg === 'string')) {
      const body = (record: ModelRecord): unknown => {
        const value: unknown = Reflect.get(record, attribute)
        if ((options.allowNil && value === null) || (options.allowBlank && isBlank(value))) return undefined
        return check(record, attribute, value)
      }
      declare(asModel(this)).validations.push({
        attributes: [],
        rule: { body: body as never },
        options: { ...options },
        sequence: nextSequence(),
      })
    }
  }

  /** Validates records with classes of the application's own, which get the options.
   * @example this.validatesWith(DatesValidator, { on: 'create' })
   */
  static validatesWith(...args: readonly (ValidatorClass | (ValidationOptions & Record<string, unknown>))[]): void {
    const options = (args.find((arg) => typeof arg === 'object') ?? {}) as ValidationOptions & Record<string, unknown>
    for (const validator of args.filter((arg) => typeof arg === 'function')) {
      const body = checkWith(validator, options)
      declare(asModel(this)).validations.push({
        attributes: [],
        rule: { body: body as never },
        options: { ...options },
        sequence: nextSequence(),
      })
    }
  }

  static validatesAssociated(...args: readonly (string | ValidationOptions)[]): void {
    const options = args.find((arg) => typeof arg === 'object') ?? {}
    const attributes = args.filter((arg) => typeof arg === 'string')
    declare(asModel(this)).validations.push({
      attributes,
      rule: 'associated',
      options: { ...(options as object) },
      sequence: nextSequence(),
    })
  }

  /** Names the members of an enum column: integers by place, or what the column holds. Adds `isDraft()`, `draftOrThrow()` and the scope `draft()`.
   * @example this.enum('status', ['draft', 'published'])
   * @example this.enum('status', { draft: 'draft', published: 'published' }) // a text, or an enum of the schema
   */
  static enum(attribute: string, members: readonly string[] | Readonly<Record<string, SqlValue>>, options: EnumOptions = {}): void {
    const mapping = new Map<string, SqlValue>(
      Array.isArray(members) ? members.map((name, place) => [name, place]) : Object.entries(members),
    )
    const affix = (given: boolean | string | undefined): string => (given === true ? attribute : given || '')
    declare(asModel(this)).enums.push({
      attribute,
      mapping,
      prefix: affix(options.prefix),
      suffix: affix(options.suffix),
      validate: Boolean(options.validate),
      scopes: options.scopes !== false,
      methods: options.instanceMethods !== false,
      initial: options.default,
    })
    const allowNil = typeof options.validate === 'object' && options.validate.allowNil === true
    if (options.validate) asModel(this).validates(attribute, { inclusion: { in: [...mapping.keys()], allowNil } })
  }

  /** Declares how values of attributes are brought into form when they are assigned or asked for.
   * @example this.normalizes('email', { with: (email: string) => email.trim().toLowerCase() })
   */
  static normalizes(...args: readonly (string | { with: (value: never) => unknown; applyToNil?: boolean })[]): void {
    const options = args.at(-1) as { with: (value: never) => unknown; applyToNil?: boolean }
    for (const attribute of args.slice(0, -1) as string[]) {
      declare(asModel(this)).normalizations.push({ attribute, normalize: options.with, applyToNull: options.applyToNil === true })
    }
  }

  static attrReadonly(...names: readonly string[]): void {
    declare(asModel(this)).readonlyAttributes.push(...names)
  }

  /** Has rows written, deleted and read anew by these columns, `first()` and `last()` sort by them, and associations by names have both:
   * of a table that is split by a column. `find` still asks for the key alone.
   * @example this.queryConstraints('tenant_id', 'id')
   */
  static queryConstraints(...names: readonly string[]): void {
    if (names.length === 0) throw new InvalidArgument({ reason: `queryConstraints() of ${this.name} needs at least one column.` })
    declare(asModel(this)).queryConstraints = names
  }

  /** The attributes that `attrReadonly` protects. */
  static get readonlyAttributes(): string[] {
    return [...infoOf(asModel(this)).readonlyAttributes]
  }

  /** What the type column calls the class: its name, unless the class says otherwise.
   * @example static override get stiName() { return 'Access::Notice' }
   */
  static get stiName(): string {
    return this.name
  }

  /** What type columns of polymorphic associations call the class: its name, unless the class says otherwise. */
  static get polymorphicName(): string {
    return this.name
  }

  /** The class that has the table: this one, or the one above it that all classes of the table descend from. */
  static get baseClass(): ModelClass {
    return mainClassOf(asModel(this))
  }

  static isBaseClass(): boolean {
    return this.baseClass === asModel(this)
  }

  /** Runs `work` with the records of exactly this class not saved: saving them does nothing and answers as if they were.
   * @example await Notification.suppress(() => post.share())
   */
  static suppress<T>(work: () => T): T {
    return suppressing(this, work)
  }

  /** Runs `work` with the records of the class, and of those below it, not touched. `AbstractModel.noTouching` is about all models.
   * @example await Project.noTouching(async () => { await task.updateOrThrow({ done: true }) })
   */
  static noTouching<T>(work: () => T): T {
    return withoutTouching(this, work)
  }

  /** Narrows every query of the class that isn't `unscoped()`. */
  static defaultScope(scope: (relation: never) => unknown): void {
    declare(asModel(this)).defaultScopes.push(scope)
  }

  /** Adds a scope by name; a static method is one as well. */
  static scope(name: string, body: (this: never, ...args: never[]) => unknown): void {
    Object.defineProperty(this, name, {
      configurable: true,
      writable: true,
      value: function (this: { all(): unknown }, ...args: never[]) {
        return body.apply(this as never, args) ?? this.all()
      },
    })
    declare(asModel(this))
  }

  /** The PrismaClient on the same connections, for what relations can't say. It doesn't take part in transactions opened here. */
  static get prisma(): unknown {
    return requireBinding(this).database.client
  }

  /** Declares callbacks of an event by its name: `setCallback('save', 'before', 'assignSlug')` is `beforeSave('assignSlug')`. */
  static setCallback(event: CallbackEvent, position: CallbackPosition, ...callbacks: CallbackArguments): void {
    addCallback(asModel(this), position, event, callbacks)
  }

  /** Leaves out callbacks that an ancestor declared, for this class and those below it; with conditions, only where they hold.
   * @param event of callbacks; `validate` for methods and functions that `validate` declared
   * @param args the position, which is `before` unless it is said, and the callbacks
   * @throws InvalidArgument for one that wasn't declared, unless `raise` is false
   * @example this.skipCallback('save', 'before', 'assignSlug', { if: 'isImported' })
   * @example this.skipCallback('validate', 'checkDates')
   */
  static skipCallback(event: SkippedEvent, ...args: CallbackArguments): void {
    const [first, ...rest] = args
    const isPosition = first === 'before' || first === 'after' || first === 'around'
    skipCallbacks(asModel(this), isPosition ? first : 'before', event, isPosition ? rest : args)
  }

  /** Leaves out all callbacks of an event that macros declared so far. Those of associations stay; under `validate`, all validations go. */
  static resetCallbacks(event: SkippedEvent): void {
    resetCallbacks(asModel(this), event)
  }

  /** Runs `work` in a transaction on the database of the class, and gives it that transaction. */
  static transaction<T>(work: TransactionWork<T>, options?: TransactionOptions): Promise<T | undefined> {
    return inTransaction(requireBinding(this), work, options)
  }

  /** The transaction that is open on the database of the class. Outside of any, what waits for its commit runs at once.
   * @example Article.currentTransaction.afterCommit(() => reindex(article))
   */
  static get currentTransaction(): TransactionHandle {
    const transaction = currentTransaction(requireBinding(this))
    return new TransactionHandle(transaction?.isJoinable ? transaction : undefined)
  }
}

const dependents = ['destroy', 'destroyAsync', 'deleteAll', 'delete', 'nullify', 'restrictWithError', 'restrictWithException']
const sharedOptions = new Set(['if', 'unless', 'on', 'exceptOn', 'allowNil', 'allowBlank', 'message', 'strict'])

function ruleOptions(rule: string, given: unknown): Record<string, unknown> {
  if (given === true) return {}
  if (given instanceof RegExp) return { with: given }
  if (isObjectLiteral(given)) return given
  return rule === 'length' || rule === 'inclusion' || rule === 'exclusion' ? { in: given } : { with: given }
}

function declareVirtual(model: typeof MacroStatics, rule: string, attributes: readonly string[]): void {
  for (const attribute of attributes) {
    if (rule === 'confirmation') declareAccessor(asModel(model), `${attribute}_confirmation`)
    if (rule === 'acceptance') declareAccessor(asModel(model), attribute)
  }
}

function associate(model: typeof MacroStatics, kind: AssociationKind, name: string, options: AssociationOptions): void {
  const { dependent } = options
  if (dependent !== undefined && !dependents.includes(dependent)) {
    throw new InvalidArgument({
      reason: `'${dependent}' is no dependent option of ${model.name}.${name}; known are ${dependents.join(', ')}.`,
    })
  }
  declare(asModel(model)).associations.push({ kind, name, options, sequence: nextSequence() })
}

function asModel(model: unknown): ModelClass {
  return model as ModelClass
}

function split<O extends object>(args: readonly (CallbackBody | O)[]): { bodies: CallbackBody[]; options: O } {
  const last = args.at(-1)
  const options = typeof last === 'object' ? (last as O) : ({} as O)
  return { bodies: args.filter((arg) => typeof arg !== 'object') as CallbackBody[], options }
}

const events: readonly [CallbackEvent, readonly CallbackPosition[]][] = [
  ['validation', ['before', 'after']],
  ['save', ['before', 'around', 'after']],
  ['create', ['before', 'around', 'after']],
  ['update', ['before', 'around', 'after']],
  ['destroy', ['before', 'around', 'after']],
  ['commit', ['before', 'after']],
  ['rollback', ['after']],
  ['initialize', ['after']],
  ['find', ['after']],
  ['touch', ['after']],
]

for (const [event, positions] of events) for (const position of positions) defineMacro(`${position}${upcaseFirst(event)}`, position, event)
defineMacro('afterCreateCommit', 'after', 'commit', 'create')
defineMacro('afterUpdateCommit', 'after', 'commit', 'update')
defineMacro('afterDestroyCommit', 'after', 'commit', 'destroy')
defineMacro('afterSaveCommit', 'after', 'commit', ['create', 'update'])

function defineMacro(name: string, position: CallbackPosition, event: CallbackEvent, on?: string | readonly string[]): void {
  Object.defineProperty(MacroStatics, name, {
    configurable: true,
    writable: true,
    value: function (this: ModelClass, ...args: CallbackArguments) {
      addCallback(this, position, event, args, on)
    },
  })
}

/** The names of the callback macros. */
export type CallbackMacro =
  | `${'before' | 'after'}${'Validation' | 'Commit'}`
  | `${'before' | 'around' | 'after'}${'Save' | 'Create' | 'Update' | 'Destroy'}`
  | `after${'Rollback' | 'Initialize' | 'Find' | 'Touch' | 'CreateCommit' | 'UpdateCommit' | 'DestroyCommit' | 'SaveCommit'}`
