import type { ConnectingOptions } from './connections/connecting.ts'
import type { ConnectsToOptions } from './connections/connects_to.ts'
import type { Connection } from './connection.ts'
import { ModelRecord } from './record/model_record.ts'
import type { Register } from './register.ts'
import type { TransactionHandle } from './transactions/transaction_handle.ts'
import type { TransactionOptions, TransactionWork } from './transactions/transaction.ts'
import type { Macros } from './types/macros.ts'

/** Where a type parameter of {@link AbstractModel} is kept; nothing has it at run time. */
declare const SCHEMA: unique symbol

/** What classes without a table know: their databases, and macros that hold for all classes below them. */
export interface AbstractStatics extends ConnectionStatics, Macros<{}, string> {
  new <G = Register>(): { readonly [SCHEMA]?: G }
  readonly connection: Connection
  /** Runs `work` with the records of the classes below not touched; of `AbstractModel` itself, those of all models. */
  noTouching<V>(work: () => V): V
  /** The PrismaClient on the same connections; say its type where it is used. */
  readonly prisma: unknown
  transaction<V>(work: TransactionWork<V>, options?: TransactionOptions): Promise<V | undefined>
  /** The transaction that is open on the database of the class. Outside of any, what waits for its commit runs at once. */
  readonly currentTransaction: TransactionHandle
}

/** What a class says about the databases that it runs on. */
export interface ConnectionStatics {
  /** Names the databases that the class and those below it run on: entries of `config.database`.
   * @example this.connectsTo({ database: { writing: 'animals', reading: 'animals_replica' } })
   */
  connectsTo(options: ConnectsToOptions): void
  /** Runs `work` with the statements of the class, and of all others on the same databases, sent to a role or shard.
   * @throws ConnectionNotEstablished when there is no such database
   */
  connectedTo<V>(options: ConnectingOptions, work: () => V): V
  isConnectedTo(target: { role: string; shard?: string }): boolean
  /** Runs `work` with everything that writes refused: it throws WriteRefused. */
  whilePreventingWrites<V>(work: () => V): V
  isPreventingWrites(): boolean
  readonly currentRole: string
  readonly currentShard: string
}

/** A class above models, without a table: it says on which databases they run, and what all of them have. `G` is their schema.
 * @example
 * class ApplicationRecord extends AbstractModel {
 *   get label() { return `${this.constructor.name} ${this.id}` }
 * }
 * const Model = modelOf(ApplicationRecord)
 */
export const AbstractModel: AbstractStatics = class AbstractModel extends ModelRecord {
  static abstractClass = true

  static override noTouching<T>(work: () => T): T {
    return this === AbstractModel ? ModelRecord.noTouching(work) : super.noTouching(work)
  }
} as never

/** A class below {@link AbstractModel}. */
export type AbstractClass = (abstract new (...args: never[]) => object) & ConnectionStatics

/** The schema of the classes below an abstract one. */
export type SchemaOf<A extends AbstractClass> = InstanceType<A> extends { readonly [SCHEMA]?: infer G } ? NonNullable<G> : Register

/** What classes below an abstract one have from it: its static members, and those of its records. */
export type MembersOf<A extends AbstractClass> = Mixin<Omit<InstanceType<A>, typeof SCHEMA>> & Omit<A, keyof AbstractStatics | 'prototype'>

// biome-ignore lint/suspicious/noExplicitAny: TypeScript merges constructors with exactly these arguments only
type Mixin<R> = new (...args: any[]) => R
