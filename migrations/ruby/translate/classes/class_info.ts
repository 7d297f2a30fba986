import type { NodeOf, RubyNode } from '../../nodes.ts'
import type { RubySource } from '../../source.ts'
import type { StructFields } from './struct_fields.ts'
import type { ValueType } from '../value_types.ts'

/** What `delegate` asks. */
export interface Delegation {
  readonly to: string
  readonly name: string
  readonly allowsNull: boolean
}

/** A method of a class: its tree, and what translating it has found out. */
export interface MethodInfo {
  readonly name: string
  readonly source: RubySource
  /** Undefined for methods that a macro makes. */
  readonly node: NodeOf<'DefNode'> | undefined
  readonly visibility: 'public' | 'protected' | 'private'
  isAsync: boolean
  returns: ValueType
  /** The member that `delegate` asks, and what it is asked for. */
  readonly delegates?: Delegation
  /** A value that is read like a property. */
  readonly isProperty?: boolean
  /** Something above or below it has a method of its name. */
  isShared?: boolean
  /** What overrides it answers something else, as far as can be told. */
  isAnsweredOtherwise?: boolean
  /** It ends with a loop, whose list Ruby answers and nothing here does. */
  isLoop?: boolean
  /** It has no translation. */
  isLeft?: boolean
  /** What it overrides has to wait, or what overrides it: so does it. */
  mustWait?: boolean
  /** `scope` declares it. */
  readonly isScope?: boolean
}

export interface AssociationInfo {
  readonly name: string
  readonly many: boolean
  readonly className: string | undefined
  readonly polymorphic: boolean
  /** The polymorphic `belongs_to` on the other side. */
  readonly as: string | undefined
  /** A `belongs_to` whose key is called after it. */
  readonly isPlain: boolean
  /** What `delegated_type` lists. */
  readonly types?: RubyNode
  /** The methods of its block, which its collection has. */
  readonly extension?: ReadonlyMap<string, MethodInfo>
}

/** What is known of a class or module of the application. */
export interface ClassInfo {
  readonly name: string
  readonly kind: 'class' | 'module'
  readonly file: string
  parent: string | undefined
  readonly includes: string[]
  /** Modules whose methods become the class's own. */
  readonly extensions: string[]
  readonly methods: Map<string, MethodInfo>
  readonly staticMethods: Map<string, MethodInfo>
  readonly associations: Map<string, AssociationInfo>
  /** Virtual attributes, `attr_accessor`s and what else is read like a property. */
  readonly properties: Map<string, ValueType>
  /** What `attr_accessor` and its kind declare. */
  readonly accessors: Set<string>
  /** The members of enums, by attribute. */
  readonly enums: Map<string, readonly string[]>
  readonly constants: Map<string, RubyNode>
  /** Instance variables of the class that its body assigns. */
  readonly variables: NodeOf<'InstanceVariableWriteNode'>[]
  /** Macros that are none of Rails', with the names that they are given. */
  readonly macros: { readonly name: string; readonly given: readonly string[] }[]
  isRecord: boolean
  isConcern: boolean
  /** Declared abstract: it has no table of its own. */
  isAbstract?: boolean
  /** Its databases are those of the application. */
  isPrimary?: boolean
  /** It says on which databases it and the classes below it run. */
  connects?: boolean
  /** False when its body does more than to declare it abstract. */
  isBare?: boolean
  /** It includes what makes a class validate, without a table. */
  isForm?: boolean
  /** What `Struct.new` or `Data.define` gives it. */
  fields?: StructFields
  /** It includes the helpers of the routes. */
  hasRoutes?: boolean
  /** A module that nothing includes: a file of functions. */
  isNamespace: boolean
  /** Its methods are called on the class: of modules that are only extended with, and of what is current. */
  isStatic?: boolean
}
