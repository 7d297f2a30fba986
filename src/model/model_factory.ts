import { type Binding, bindTo } from './binding.ts'
import { ModelRecord, type ModelClass } from './record/model_record.ts'

/** The classes made by {@link baseModel}, with the name of their model. */
const modelNames = new WeakMap<object, string>()
const anonymous = new WeakMap<Binding, Map<string, ModelClass>>()

const enumColumns = new WeakMap<object, readonly string[]>()

/** Makes the class that an application's class extends: attributes and associations of the model are defined on it at first use.
 * @param parent an abstract class above it
 */
export function makeBase(name: string, enums: readonly string[] = [], parent: Function = ModelRecord): ModelClass {
  const base = { [name]: class extends (parent as typeof ModelRecord) {} }[name] as unknown as ModelClass
  modelNames.set(base, name)
  enumColumns.set(base, enums)
  return base
}

/** The enum columns of the schema whose members become methods and scopes. */
export function enumsOf(base: ModelClass): readonly string[] {
  return enumColumns.get(base) ?? []
}

/** The class of a model of a database for which the application has no class of its own. */
export function baseModel(name: string, binding: Binding): ModelClass {
  let models = anonymous.get(binding)
  if (models === undefined) {
    models = new Map()
    anonymous.set(binding, models)
  }
  let base = models.get(name)
  if (base === undefined) {
    base = makeBase(name)
    bindTo(base, binding)
    models.set(name, base)
  }
  return base
}

/** The class made by `Model('…')` that a class descends from, with the model's name. */
export function baseOf(model: ModelClass): { base: ModelClass; name: string } | undefined {
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor)) {
    const name = modelNames.get(ancestor)
    if (name !== undefined) return { base: ancestor as ModelClass, name }
  }
  return undefined
}

/** The application's class of a model's table: the one that has the model's name, else the first one below the base. Classes below it share the table;
 * those between it and the base are concerns. */
export function mainClassOf(model: ModelClass): ModelClass {
  const { base, name } = baseOf(model)!
  let first = model
  for (let ancestor = model; ancestor !== base; ancestor = Object.getPrototypeOf(ancestor) as ModelClass) {
    if (ancestor.name === name) return ancestor
    // What a function of a base class makes has no name, unless it is given one.
    if (ancestor.name !== '') first = ancestor
  }
  return first
}
