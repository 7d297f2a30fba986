import { makeBase } from './model_factory.ts'
import type { AbstractClass, MembersOf, SchemaOf } from './abstract_model.ts'
import type { NameOf, ScalarsOf } from './types/schema_types.ts'
import type { ClassStaticsOf, WithEnumsOf } from './types/statics.ts'
import type { Register } from './register.ts'

/** The function that makes base classes of models, typed from `G`. */
export interface ModelFunction<G> {
  /** Makes the class that a model's class extends: its attributes and associations are those of the model in the Prisma schema.
   *
   * @param name the model's name in the schema; a wrong one is an UnknownModel at first use
   * @example
   * class Article extends Model('Article') {
   *   static { this.validates('title', { presence: true }) }
   *   static recent() { return this.order({ created_at: 'desc' }) }
   * }
   */
  <const N extends NameOf<G>>(name: N): ClassStaticsOf<G, N>
  /** The same with methods and scopes for the members of enum columns.
   * @example class Post extends Model('Post', { enums: ['status'] }) {}
   */
  <const N extends NameOf<G>, const E extends keyof ScalarsOf<G, N> & string>(
    name: N,
    options: { enums: readonly E[] },
  ): WithEnumsOf<G, N, E>
}

/** The same, for classes that have the members `A` of an abstract class above them too. */
export interface ModelFunctionBelow<G, A> {
  <const N extends NameOf<G>>(name: N): ClassStaticsOf<G, N> & A
  <const N extends NameOf<G>, const E extends keyof ScalarsOf<G, N> & string>(
    name: N,
    options: { enums: readonly E[] },
  ): WithEnumsOf<G, N, E> & A
}

/** Makes a `Model` function for another schema than the registered one (a second database, a library, a test), or for classes below an
 * abstract one.
 * @example
 * interface Legacy { types: Prisma.TypeMap; models: { Account: Account } }
 * const LegacyModel = modelOf<Legacy>()
 * @example
 * class AnimalsRecord extends AbstractModel<Animals> {
 *   static { this.connectsTo({ database: { writing: 'animals', reading: 'animals_replica' } }) }
 * }
 * class Dog extends modelOf(AnimalsRecord)('Dog') {}
 */
export function modelOf<G>(): ModelFunction<G>
export function modelOf<A extends AbstractClass>(parent: A): ModelFunctionBelow<SchemaOf<A>, MembersOf<A>>
export function modelOf(parent?: AbstractClass): never {
  return ((name: string, options?: { enums: readonly string[] }) => makeBase(name, options?.enums, parent)) as never
}

/** Makes the class that a model's class extends, typed from the registered schema. See {@link ModelFunction}. */
export const Model: ModelFunction<Register> = modelOf<Register>()
