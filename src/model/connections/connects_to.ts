import { InvalidArgument } from '../errors.ts'
import { defaultShard, writingRole } from './connecting.ts'

/** The names of databases by role: `{ writing: 'primary', reading: 'replica' }`. */
export type Roles = Readonly<Record<string, string>>

/** What `connectsTo` takes: databases by role, or by shard and role. */
export type ConnectsToOptions = { readonly database: Roles } | { readonly shards: Readonly<Record<string, Roles>> }

const declared = new WeakMap<object, Readonly<Record<string, Roles>>>()

/** Notes which databases a class and those below it run on; boot opens them.
 * @throws InvalidArgument when there is none to write to
 */
export function declareConnections(model: Function, options: ConnectsToOptions): void {
  const shards = shardsOf(options)
  const [first] = Object.values(shards)
  if (first?.[writingRole] === undefined)
    throw new InvalidArgument({
      reason: `connectsTo() of ${model.name} needs the name of a database for the role writing: { database: { writing: 'primary' } }.`,
    })
  declared.set(model, shards)
}

/** Which databases a class runs on, by shard and role: as it or an ancestor declared. */
export function connectionsOf(model: object): Readonly<Record<string, Roles>> | undefined {
  const declaring = declaringClassOf(model)
  return declaring && declared.get(declaring)
}

/** The class or ancestor that declared it. */
export function declaringClassOf(model: object): object | undefined {
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor))
    if (declared.has(ancestor)) return ancestor
  return undefined
}

/** The shard that is used when none is named: `default`, or the first. */
export function shardsOf(options: ConnectsToOptions): Readonly<Record<string, Roles>> {
  if ('database' in options) return { [defaultShard]: options.database }
  const { shards } = options
  const [first] = Object.keys(shards)
  return first === undefined || defaultShard in shards ? shards : { [defaultShard]: shards[first]!, ...shards }
}
