import { didYouMean } from '../../naming/index.ts'
import { Binding, bindClasses, bindTo, useBinding } from '../binding.ts'
import type { Database } from '../database.ts'
import { UnknownDatabase } from '../errors.ts'
import type { SchemaMetadata } from '../metadata.ts'
import { defaultShard, writingRole } from './connecting.ts'
import { connectionsOf, type Roles } from './connects_to.ts'
import { declaringClassOf } from './connects_to.ts'

/** An open database with the schema that it has. */
export interface NamedDatabase {
  readonly database: Database
  readonly metadata: SchemaMetadata
}

/** How an application uses its databases. */
export interface DatabaseUse {
  readonly classes: readonly object[]
  /** For classes that don't say it themselves with `connectsTo`. Default: `{ writing: 'primary' }`. */
  readonly roles?: Roles | undefined
  readonly application?: object
}

/** Sets the databases of an application's models, by the names that `connectsTo` knows.
 *
 * Classes that name the same databases share a binding, whichever class declared it.
 * @throws UnknownDatabase with a suggestion
 * @example useDatabases({ primary: { database, metadata }, animals }, { classes: [Person, Dog] })
 */
export function useDatabases(databases: Readonly<Record<string, NamedDatabase>>, use: DatabaseUse): Binding {
  const byNames = new Map<string, Binding>()
  const bindingTo = (shards: Readonly<Record<string, Roles>>): Binding => {
    const key = JSON.stringify(shards)
    const binding = byNames.get(key) ?? open(shards, databases)
    byNames.set(key, binding)
    return binding
  }
  const main = bindingTo({ [defaultShard]: use.roles ?? { [writingRole]: 'primary' } })
  for (const model of use.classes) {
    const shards = connectionsOf(model)
    const binding = shards === undefined ? main : bindingTo(shards)
    bindClasses(binding, [model])
    const declaring = declaringClassOf(model)
    if (declaring !== undefined) bindTo(declaring, binding)
  }
  const all = [...byNames.values()]
  for (const binding of all) binding.siblings = all.filter((other) => other !== binding)
  return useBinding(main, use.application)
}

function open(shards: Readonly<Record<string, Roles>>, databases: Readonly<Record<string, NamedDatabase>>): Binding {
  const named = (name: string): NamedDatabase => {
    const found = Object.hasOwn(databases, name) ? databases[name] : undefined
    if (found === undefined) throw new UnknownDatabase({ name, suggestion: didYouMean(name, Object.keys(databases)) })
    return found
  }
  const opened = Object.entries(shards).map(([shard, roles]) => [
    shard,
    Object.fromEntries(Object.entries(roles).map(([role, name]) => [role, named(name).database])),
  ])
  const name = shards[defaultShard]![writingRole]!
  const { database, metadata } = named(name)
  return new Binding(database, metadata, { name, shards: Object.fromEntries(opened) })
}
