import type { Register } from './register.ts'
import type { AttributesOf, TreeOf, WhereOf } from './types/conditions.ts'
import type { InstanceOf } from './types/instances.ts'
import type { CollectionOf as CollectionIn, Instance, RelationOf } from './types/relations.ts'
import type { Name, Scalars } from './types/schema_types.ts'
import type { StaticsOf, WithEnumsOf } from './types/statics.ts'

export type { BaseRecord, Ref } from './types/instances.ts'
export type { CollectionOf as CollectionIn, RelationOf } from './types/relations.ts'
export type { Name, NameOf, Scalars, ScalarsOf } from './types/schema_types.ts'

/** A class that `Model('…')` makes over the registered schema. */
export type Statics<N extends Name> = StaticsOf<Register, N>
export type WithEnums<N extends Name, E extends keyof Scalars<N>> = WithEnumsOf<Register, N, E>
/** A record of a model by name. */
export type ModelInstance<N extends Name> = InstanceOf<Register, N>
/** The records of an association to many: `declare readonly tags: CollectionOf<'Tag'>` types one that the schema doesn't know on the records
 * of a class; {@link Associations} does for relations too. */
export type CollectionOf<N extends Name> = CollectionIn<Register, N>
/** The conditions of `where`. */
export type Where<N extends Name> = WhereOf<Register, N>
/** What `create` and `assign` take. */
export type Attributes<N extends Name> = AttributesOf<Register, N>
/** What `includes` and `joins` take. */
export type AssociationTree<N extends Name> = TreeOf<Register, N>
/** A relation of a class, for a parameter that takes one.
 * @example renderList(scope: RelationTo<typeof Article, 'Article'>)
 */
export type RelationTo<T, N extends Name, R = Instance<T>> = RelationOf<Register, T, N, R>
