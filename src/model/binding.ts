import { implicitJoinModels } from './associations/many_to_many.ts'
import type { Database } from './database.ts'
import type { ModelMetadata, SchemaMetadata } from './metadata.ts'
import type { ModelClass } from './record/model_record.ts'
import { Statements } from './sql/statements.ts'

/** A database with the schema that describes it and the model classes over it. */
export class Binding {
  readonly database: Database
  readonly metadata: SchemaMetadata
  readonly models: ReadonlyMap<string, ModelMetadata>
  readonly classes: Map<string, ModelClass> = new Map()
  readonly statements: Statements

  constructor(database: Database, metadata: SchemaMetadata) {
    this.database = database
    this.metadata = metadata
    this.models = new Map([...metadata.models, ...implicitJoinModels(metadata)].map((model) => [model.name, model]))
    this.statements = new Statements(database.dialect)
  }
}

/** Grows with every change of a binding or of a class's declarations: what was computed from them before is stale. */
export let epoch = 1

/** Marks everything computed from declarations and bindings as stale. */
export function declarationsChanged(): void {
  epoch += 1
}

let current: Binding | undefined

/** Sets the database and the schema of every model that isn't bound to one of its own.
 *
 * @param classes the application's model classes, so that associations find classes nobody has used yet
 * @returns the binding; its `database` is what models query
 * @example useDatabase(await openDatabase(url), metadata, [Article, User])
 */
export function useDatabase(database: Database, metadata: SchemaMetadata, classes: readonly object[] = []): Binding {
  current = new Binding(database, metadata)
  for (const model of classes as readonly ModelClass[]) current.classes.set(model.name, model)
  declarationsChanged()
  return current
}

/** The binding that `useDatabase` set. */
export function currentBinding(): Binding | undefined {
  return current
}

const own = new WeakMap<object, Binding>()

/** Binds some classes to a database of their own, beside the one of `useDatabase`.
 * @example bindModels([Legacy], legacyDatabase, legacyMetadata)
 */
export function bindModels(classes: readonly object[], database: Database, metadata: SchemaMetadata): Binding {
  const binding = new Binding(database, metadata)
  for (const model of classes as readonly ModelClass[]) {
    own.set(model, binding)
    binding.classes.set(model.name, model)
  }
  declarationsChanged()
  return binding
}

/** Binds a class that nobody declared. */
export function bindTo(model: object, binding: Binding): void {
  own.set(model, binding)
}

/** The binding of a class: its own, an ancestor's, or the current one. */
export function bindingOf(model: object): Binding | undefined {
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor)) {
    const binding = own.get(ancestor)
    if (binding !== undefined) return binding
  }
  return current
}

const registered = new Map<string, ModelClass>()

/** Makes classes known by name, for associations and GlobalIDs. A class registers itself when it declares something or is used;
 * the application's loader registers all of them.
 * @example registerModels(Article, User)
 */
export function registerModels(...classes: readonly object[]): void {
  for (const model of classes as readonly ModelClass[]) registered.set(model.name, model)
}

/** The classes that registered themselves. */
export function registeredModels(): ModelClass[] {
  return [...registered.values()]
}

/** The known classes below a class, which share its table. */
export function subclassesOf(model: ModelClass, binding: Binding): ModelClass[] {
  const known = new Set([...binding.classes.values(), ...registered.values()])
  return [...known].filter((candidate) => (candidate.prototype as object) instanceof model)
}

/** Finds a class by name, first among the classes of `binding`. */
export function findModel(name: string, binding: Binding | undefined): ModelClass | undefined {
  return binding?.classes.get(name) ?? registered.get(name)
}
