import type { Register } from '../register.ts'

/** What the type of a model says in Prisma's type map. */
interface AnyPayload {
  name: string
  objects: object
  scalars: object
}

interface AnyTypes {
  model: Record<string, { payload: AnyPayload }>
}

/** Without a type map every name is a model and every column is unknown. */
interface Untyped {
  model: Record<string, { payload: { name: string; objects: {}; scalars: Record<string, unknown> } }>
}

/** `G` is where types come from: {@link Register}, or an interface of the same form for a second database. */
type TypesOf<G> = G extends { types: infer T extends AnyTypes } ? T : Untyped
type ModelsOf<G> = G extends { models: infer M } ? M : {}

/** The names of the models. */
export type NameOf<G> = keyof TypesOf<G>['model'] & string
type PayloadOf<G, N extends NameOf<G>> = TypesOf<G>['model'][N]['payload']

/** What the application said of a model beside the schema, in `G['attributes']` and `G['associations']`. */
type Said<G, What extends 'attributes' | 'associations', N extends string> = G extends { [K in What]: infer M }
  ? N extends keyof M
    ? M[N]
    : {}
  : {}
type Overridden<S, O> = [keyof O] extends [never] ? S : Omit<S, keyof O> & O

/** The columns of a model, with the types that {@link AttributeTypes} says. */
export type ScalarsOf<G, N extends NameOf<G>> = Overridden<PayloadOf<G, N>['scalars'], Said<G, 'attributes', N>>

/** The associations of a model, as payloads, arrays of payloads, or null with them: those of the schema, and those that {@link Associations} says. */
export type ObjectsOf<G, N extends NameOf<G>> = Overridden<PayloadOf<G, N>['objects'], PayloadsOf<G, Said<G, 'associations', N>>>

type PayloadsOf<G, A> = {
  [K in keyof A]: A[K] extends readonly (infer T)[] ? (T extends NameOf<G> ? PayloadOf<G, T> : never)[] : PayloadOrNull<G, A[K]>
}
type PayloadOrNull<G, T> = T extends NameOf<G> ? PayloadOf<G, T> : Extract<T, null>

/** The name in a payload. */
export type NameIn<G, P> = P extends { name: infer T extends NameOf<G> } ? T : never

/** The name of the model that an association leads to. */
export type TargetOf<G, N extends NameOf<G>, K extends keyof ObjectsOf<G, N>> = ObjectsOf<G, N>[K] extends readonly (infer P)[]
  ? NameIn<G, P>
  : NameIn<G, NonNullable<ObjectsOf<G, N>[K]>>

/** Whether an association leads to many. */
export type IsMany<G, N extends NameOf<G>, K extends keyof ObjectsOf<G, N>> = ObjectsOf<G, N>[K] extends readonly unknown[] ? true : false

/** The application's class of a model as it is registered: its instances, or itself. */
export type Registered<G, N extends string> = N extends keyof ModelsOf<G> ? ModelsOf<G>[N] : never
export type InstanceIn<M> = M extends abstract new (...args: never[]) => infer R ? R : M
export type ClassIn<M> = M extends abstract new (...args: never[]) => unknown ? M : never

/** The models of the application's own schema. */
export type Name = NameOf<Register>
export type Scalars<N extends Name> = ScalarsOf<Register, N>
