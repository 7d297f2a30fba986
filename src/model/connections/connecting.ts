import { currentExecution, type Execution, withExecution } from '../../context/index.ts'
import type { Binding } from '../binding.ts'
import type { Database } from '../database.ts'
import { ConnectionNotEstablished, InvalidArgument } from '../errors.ts'

/** The role of statements that nobody sends elsewhere. */
export const writingRole = 'writing'
/** The role of replicas: nothing is written there. */
export const readingRole = 'reading'
export const defaultShard = 'default'

/** Where statements shall run. */
export interface ConnectingOptions {
  /** `writing`, `reading`, or another one of `connectsTo`. Default: the role around. */
  readonly role?: string
  /** Default: the shard around. */
  readonly shard?: string
  /** Whether what writes is refused. Default: yes for the role `reading`. */
  readonly preventWrites?: boolean
}

/** What `connectedTo` said, and what was said around it. Kept by the execution. */
class Connecting {
  /** Undefined for the databases of all models. */
  readonly binding: Binding | undefined
  readonly role: string | undefined
  readonly shard: string | undefined
  readonly preventsWrites: boolean | undefined
  readonly outer: Connecting | undefined

  constructor(binding: Binding | undefined, options: ConnectingOptions, outer: Connecting | undefined) {
    this.binding = binding
    this.role = options.role
    this.shard = options.shard
    this.preventsWrites = options.preventWrites ?? preventsByItself(options.role)
    this.outer = outer
  }
}

/** What is said of writes without being asked: refused on replicas, allowed elsewhere; nothing when no role is named. */
function preventsByItself(role: string | undefined): boolean | undefined {
  return role === undefined ? undefined : role === readingRole
}

/** Runs `work` with statements sent elsewhere: those of one binding, or of all models. */
export function withConnection<T>(binding: Binding | undefined, options: ConnectingOptions, work: () => T): T {
  const { role, shard, preventWrites } = options
  if (role === undefined && shard === undefined && preventWrites === undefined)
    throw new InvalidArgument({ reason: 'connectedTo() takes a role, a shard, or both.' })
  if (binding !== undefined) binding.databaseAt(shard ?? shardIn(binding), role ?? roleIn(binding))
  return withExecution({ connecting: new Connecting(binding, options, connectingOf(currentExecution())) }, work)
}

/** The database where statements of a binding run now.
 * @throws ConnectionNotEstablished when there is none for the role and shard
 */
export function databaseNow(binding: Binding, execution: Execution | undefined): Database {
  const connecting = execution?.connecting
  if (connecting === undefined) return binding.database
  return binding.databaseAt(shardIn(binding, execution), roleIn(binding, execution))
}

export function roleIn(binding: Binding, execution = currentExecution()): string {
  return said(binding, execution, (connecting) => connecting.role) ?? writingRole
}

export function shardIn(binding: Binding, execution = currentExecution()): string {
  return said(binding, execution, (connecting) => connecting.shard) ?? defaultShard
}

export function preventsWritesIn(binding: Binding, execution = currentExecution()): boolean {
  return said(binding, execution, (connecting) => connecting.preventsWrites) ?? false
}

/** What was said last about a binding or about all. */
function said<T>(binding: Binding, execution: Execution | undefined, what: (connecting: Connecting) => T | undefined): T | undefined {
  for (let connecting = connectingOf(execution); connecting !== undefined; connecting = connecting.outer) {
    if (connecting.binding !== undefined && connecting.binding !== binding) continue
    const found = what(connecting)
    if (found !== undefined) return found
  }
  return undefined
}

function connectingOf(execution: Execution | undefined): Connecting | undefined {
  return execution?.connecting as Connecting | undefined
}

/** The databases of one schema, by shard and role. */
export type Shards = Readonly<Record<string, Readonly<Record<string, Database>>>>

/** @throws ConnectionNotEstablished naming what there is */
export function databaseAt(
  shards: ReadonlyMap<string, ReadonlyMap<string, Database>>,
  name: string,
  shard: string,
  role: string,
): Database {
  const database = shards.get(shard)?.get(role)
  if (database !== undefined) return database
  const known =
    shards.get(shard) === undefined
      ? `the shards ${[...shards.keys()].join(', ')}`
      : `the roles ${[...shards.get(shard)!.keys()].join(', ')}`
  throw new ConnectionNotEstablished({ name, role, shard, known })
}
