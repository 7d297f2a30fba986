import type { PasswordAlgorithm } from './security/password_algorithm.ts'
import type { AssociationDeclaration, NestedOptions } from './associations/declaration.ts'
import type { CustomType, TypeName } from './attributes/custom_type.ts'
import { declarationsChanged, registerModels } from './binding.ts'
import type { CallbackDeclaration } from './callbacks/declaration.ts'
import type { SqlValue } from './database.ts'
import type { EncryptsOptions } from './encryption/scheme.ts'
import type { ModelClass } from './record/model_record.ts'
import type { ValidationDeclaration } from './validations/declaration.ts'

/** What the macros in the static block of a class declared. */
export interface Declarations {
  readonly associations: AssociationDeclaration[]
  readonly nested: { readonly association: string; readonly options: NestedOptions }[]
  readonly validations: ValidationDeclaration[]
  readonly callbacks: CallbackDeclaration[]
  readonly enums: EnumDeclaration[]
  readonly normalizations: { attribute: string; normalize: (value: never) => unknown; applyToNull: boolean }[]
  readonly virtual: VirtualDeclaration[]
  readonly stored: StoredKey[]
  readonly aliases: { readonly alias: string; readonly name: string }[]
  readonly defaultScopes: ((relation: never) => unknown)[]
  readonly securePasswords: { attribute: string; validations: boolean; algorithm: PasswordAlgorithm }[]
  readonly readonlyAttributes: string[]
  /** The columns that rows are written and read anew by, where it isn't their key. */
  queryConstraints: readonly string[] | undefined
  readonly encrypted: { attribute: string; options: EncryptsOptions }[]
  readonly tokens: TokenDefinition[]
}

/** What `this.generatesTokenFor('email_confirmation', …)` declared. */
export interface TokenDefinition {
  readonly purpose: string
  /** The name of the class that declared it, which is a part of what tokens are for. */
  readonly declaredBy: string
  /** In seconds; undefined for tokens that don't expire. */
  readonly expiresIn: number | undefined
  /** What a token stays valid with: when it changes, tokens made before are worth nothing. */
  readonly state: ((record: never) => unknown) | undefined
}

/** What `this.attribute('accepted', …)` declared. */
export interface VirtualDeclaration {
  readonly name: string
  readonly type: TypeName | CustomType | undefined
  readonly initial: unknown
  /** Whether it only takes what is asked for twice, such as a repeated password. */
  readonly isAccessor?: boolean
}

/** An accessor of a key that is kept inside of an attribute. */
export interface StoredKey {
  readonly accessor: string
  readonly attribute: string
  readonly key: string
}

/** What `this.enum('status', …)` declared. */
export interface EnumDeclaration {
  readonly attribute: string
  readonly mapping: ReadonlyMap<string, SqlValue>
  readonly prefix: string
  readonly suffix: string
  readonly validate: boolean
  readonly scopes: boolean
  /** Whether there are `isDraft()` and `draftOrThrow()`. */
  readonly methods: boolean
  /** The member that a new record starts with; undefined for what the column says. */
  readonly initial: string | undefined
}

const declared = new WeakMap<object, Declarations>()

/** The declarations of a class itself, to be added to. Makes the class known by name. */
export function declare(model: ModelClass): Declarations {
  let declarations = declared.get(model)
  if (declarations === undefined) {
    declarations = {
      associations: [],
      nested: [],
      validations: [],
      callbacks: [],
      enums: [],
      normalizations: [],
      virtual: [],
      stored: [],
      aliases: [],
      defaultScopes: [],
      securePasswords: [],
      readonlyAttributes: [],
      queryConstraints: undefined,
      encrypted: [],
      tokens: [],
    }
    declared.set(model, declarations)
    if (model.name !== '') registerModels(model)
  }
  declarationsChanged()
  return declarations
}

/** Makes room for a value that is asked for and never kept, such as a repeated password. */
export function declareAccessor(model: ModelClass, name: string): void {
  declare(model).virtual.push({ name, type: undefined, initial: undefined, isAccessor: true })
}

/** The declarations of a class and its ancestors, the oldest ancestor's first. */
export function declarationsOf(model: ModelClass): Declarations[] {
  const found: Declarations[] = []
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor)) {
    const declarations = declared.get(ancestor)
    if (declarations !== undefined) found.unshift(declarations)
  }
  return found
}
