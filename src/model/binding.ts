import { PerApplication } from '../context/index.ts'
import { implicitJoinModels } from './associations/many_to_many.ts'
import { databaseAt, defaultShard, type Shards, writingRole } from './connections/connecting.ts'
import type { Database } from './database.ts'
import { NoDatabase } from './errors.ts'
import type { ModelMetadata, SchemaMetadata } from './metadata.ts'
import type { ModelClass } from './record/model_record.ts'
import { Statements } from './sql/statements.ts'

/** A schema with the model classes over it, and the databases that have it: one, or one for each shard and role. */
export class Binding {
  /** What the configuration calls the database that is written to. */
  readonly name: string
  /** Where statements run that nobody sends elsewhere. */
  readonly database: Database
  readonly metadata: SchemaMetadata
  readonly models: ReadonlyMap<string, ModelMetadata>
  readonly classes: Map<string, ModelClass> = new Map()
  readonly statements: Statements
  /** The other bindings of the same application: its classes on other databases. */
  siblings: readonly Binding[] = []
  /** The classes that run on it, abstract ones too. */
  readonly bound = new Set<object>()
  readonly #shards: ReadonlyMap<string, ReadonlyMap<string, Database>>

  constructor(database: Database, metadata: SchemaMetadata, { name = 'primary', shards }: { name?: string; shards?: Shards } = {}) {
    this.name = name
    this.database = database
    this.metadata = metadata
    this.models = new Map([...metadata.models, ...implicitJoinModels(metadata)].map((model) => [model.name, model]))
    this.statements = new Statements(database.dialect)
    const all = shards ?? { [defaultShard]: { [writingRole]: database } }
    this.#shards = new Map(Object.entries(all).map(([shard, roles]) => [shard, new Map(Object.entries(roles))]))
  }

  /** The database of a shard for a role.
   * @throws ConnectionNotEstablished when there is none
   */
  databaseAt(shard: string, role: string): Database {
    return databaseAt(this.#shards, this.name, shard, role)
  }
}

/** Grows with every change of a binding or of a class's declarations: what was computed from them before is stale. */
export let epoch = 1

/** Marks everything computed from declarations and bindings as stale. */
export function declarationsChanged(): void {
  epoch += 1
}

const bindings = new PerApplication<Binding>()
const own = new WeakMap<object, Binding>()
/** What classes without a table extend: they have no database, whatever the application's models run on. */
const forms = new WeakSet<object>()

/** Sets the database and the schema of an application's models.
 *
 * @param classes the application's model classes: they are bound to it wherever they run, and associations find them before anybody has used them
 * @param application none for a process without applications, such as a test
 * @returns the binding; its `database` is what models query
 * @example useDatabase(await openDatabase(url), metadata, [Article, User])
 */
export function useDatabase(database: Database, metadata: SchemaMetadata, classes: readonly object[] = [], application?: object): Binding {
  return useBinding(bindClasses(new Binding(database, metadata), classes), application)
}

/** Makes a binding the one of models that have none of their own. */
export function useBinding(binding: Binding, application?: object): Binding {
  bindings.use(binding, application)
  declarationsChanged()
  return binding
}

/** Forgets the databases of an application: it has stopped, and they are closed. */
export function releaseDatabase(application: object): void {
  const binding = bindings.of(application)
  bindings.release(application)
  for (const each of binding === undefined ? [] : [binding, ...binding.siblings]) {
    for (const model of each.bound) if (own.get(model) === each) own.delete(model)
  }
  declarationsChanged()
}

/** The binding of models that have none of their own. */
export function currentBinding(): Binding | undefined {
  return bindings.current
}

/** Binds some classes to a database of their own, beside the one of `useDatabase`.
 * @example bindModels([Legacy], legacyDatabase, legacyMetadata)
 */
export function bindModels(classes: readonly object[], database: Database, metadata: SchemaMetadata): Binding {
  return bindClasses(new Binding(database, metadata), classes)
}

/** Binds classes, so that they and those below them run on the databases of a binding. */
export function bindClasses(binding: Binding, classes: readonly object[]): Binding {
  for (const model of classes as readonly ModelClass[]) {
    if (isForm(model)) continue
    bindTo(model, binding)
    binding.classes.set(model.name, model)
  }
  declarationsChanged()
  return binding
}

/** Binds a class that nobody may look for by its name. */
export function bindTo(model: object, binding: Binding): void {
  own.set(model, binding)
  binding.bound.add(model)
}

/** Binds what classes without a table extend. */
export function bindForm(base: object, binding: Binding): void {
  own.set(base, binding)
  forms.add(base)
}

function isForm(model: object): boolean {
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor))
    if (forms.has(ancestor)) return true
  return false
}

/** The binding of a class: its own, an ancestor's, or the current one. */
export function bindingOf(model: object): Binding | undefined {
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor)) {
    const binding = own.get(ancestor)
    if (binding !== undefined) return binding
  }
  return currentBinding()
}

/** The binding of a class.
 * @throws NoDatabase before boot
 */
export function requireBinding(model: Function): Binding {
  const binding = bindingOf(model)
  if (binding === undefined) throw new NoDatabase({ model: model.name })
  return binding
}

/** Whether a class says that it has no table: `static abstractClass = true`. */
export function isAbstract(model: object): boolean {
  return Object.hasOwn(model, 'abstractClass') && (model as { abstractClass?: unknown }).abstractClass === true
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
  return [...known].filter((candidate) => (candidate.prototype as object) instanceof model && !isAbstract(candidate))
}

/** Finds a class by name, first among the classes of `binding` and then of its application. A name as Ruby writes it in a namespace,
 * `Access::Notice`, is that of the class `AccessNotice` too. */
export function findModel(name: string, binding: Binding | undefined): ModelClass | undefined {
  return find(name, binding) ?? (name.includes('::') ? find(name.replaceAll('::', ''), binding) : undefined)
}

function find(name: string, binding: Binding | undefined): ModelClass | undefined {
  const found = binding?.classes.get(name)
  if (found !== undefined || binding === undefined) return found ?? registered.get(name)
  return binding.siblings.find((sibling) => sibling.classes.has(name))?.classes.get(name) ?? registered.get(name)
}
