import { camelize, classify, demodulize, pluralize, underscore } from '../../src/naming/index.ts'
import { type Association, associationOption, type ModelClass } from './read_models.ts'

/** Which class stands for which table, and where associations lead. */
export class ModelTables {
  readonly #classes: ReadonlyMap<string, ModelClass>
  readonly #tables: ReadonlySet<string>
  readonly #tableOfClass = new Map<string, string>()
  readonly #classesOfTable = new Map<string, ModelClass[]>()

  constructor(models: readonly ModelClass[], tables: ReadonlySet<string>) {
    this.#tables = tables
    this.#classes = new Map(models.map((model) => [model.name, model]))
    for (const model of models) {
      const table = this.#findTable(model, tables)
      if (table === undefined) continue
      this.#tableOfClass.set(model.name, table)
      this.#classesOfTable.set(table, [...(this.#classesOfTable.get(table) ?? []), model])
    }
  }

  /** The class that owns a table: the topmost of those that share it. */
  classOf(table: string): ModelClass | undefined {
    const classes = this.#classesOfTable.get(table) ?? []
    return classes.find(({ parent, name }) => this.#tableOfClass.get(this.#resolve(parent, name) ?? '') !== table)
  }

  /** The table of a class. */
  tableOf(model: string): string | undefined {
    return this.#tableOfClass.get(model)
  }

  /** The associations that classes of this table declare, the owner's first. */
  associationsOf(table: string): { model: ModelClass; association: Association }[] {
    const owner = this.classOf(table)
    const others = (this.#classesOfTable.get(table) ?? []).filter((model) => model !== owner)
    return [...(owner ? [owner] : []), ...others].flatMap((model) => model.associations.map((association) => ({ model, association })))
  }

  /** The table that an association leads to; undefined for polymorphic ones. A class not found is taken to have the table of its name. */
  targetOf(model: ModelClass, association: Association): string | undefined {
    if (association.options.get('polymorphic')) return undefined
    const plural = association.kind === 'has_many' || association.kind === 'has_and_belongs_to_many'
    const name = associationOption(association, 'class_name') ?? (plural ? classify(association.name) : camelize(association.name))
    const found = this.#resolve(name.replace(/^::/, ''), model.name)
    if (found !== undefined) return this.#tableOfClass.get(found)
    const table = pluralize(underscore(demodulize(name)))
    return this.#tables.has(table) ? table : undefined
  }

  /** A class by its name as written inside of another class: the nearest namespace wins. */
  #resolve(name: string | undefined, from: string): string | undefined {
    if (name === undefined) return undefined
    const scopes = from.split('::').map((_, index, all) => all.slice(0, all.length - index).join('::'))
    return [...scopes.map((scope) => `${scope}::${name}`), name].find((candidate) => this.#classes.has(candidate))
  }

  /** Whether a class may be a record: one that stands below nothing has no table, whatever its name. */
  #isRecord(model: ModelClass, seen = new Set<string>()): boolean {
    if (model.parent === undefined || seen.has(model.name)) return false
    const parent = this.#classes.get(this.#resolve(model.parent, model.name) ?? '')
    return parent === undefined || this.#isRecord(parent, seen.add(model.name))
  }

  #findTable(model: ModelClass, tables: ReadonlySet<string>, seen = new Set<string>()): string | undefined {
    if (model.tableName !== undefined) return tables.has(model.tableName) ? model.tableName : undefined
    if (model.isAbstract || seen.has(model.name) || !this.#isRecord(model)) return undefined
    seen.add(model.name)
    const parent = this.#classes.get(this.#resolve(model.parent, model.name) ?? '')
    const inherited = parent && !parent.isAbstract ? this.#findTable(parent, tables, seen) : undefined
    if (inherited !== undefined) return inherited
    const names = [pluralize(underscore(model.name).replaceAll('/', '_')), pluralize(underscore(demodulize(model.name)))]
    return names.find((name) => tables.has(name))
  }
}

/** The column that an association reads: its own table's for `belongs_to`, the other's for `has_many` and `has_one`. */
export function foreignKeyOf(model: ModelClass, association: Association): string {
  const given = associationOption(association, 'foreign_key')
  if (given !== undefined) return given
  return association.kind === 'belongs_to' ? `${association.name}_id` : `${underscore(demodulize(model.name))}_id`
}
