import { dirname } from 'node:path'
import { PerApplication } from '../../context/index.ts'
import { logger } from '../../logging/index.ts'
import { RepeatedLoading } from '../errors.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { Reflection } from './reflection.ts'

/** What is done when records that one query read load an association one by one: an error, or a line in the log. */
export interface RepeatedLoadingReaction {
  readonly reaction: 'raise' | 'log'
}

const reactions = new PerApplication<RepeatedLoadingReaction>()
/** Whether anybody ever wanted to know: what isn't watched costs nothing. */
let isWatched = false

/** Sets what is done about queries that `includes` would spare (N+1), in an application and outside of any.
 * Meant for development and tests.
 */
export function useRepeatedLoadingReaction(reaction: RepeatedLoadingReaction | undefined, application?: object): void {
  reactions.use(reaction, application)
  isWatched ||= reaction !== undefined
}

/** Forgets that of an application: it has stopped. */
export function releaseRepeatedLoadingReaction(application: object): void {
  reactions.release(application)
}

/** The records that one query read, with the owners that loaded each association on their own. */
type Together = Map<string, Set<AttributeRecord>>
const together = new WeakMap<AttributeRecord, Together>()
/** Where an association was last read: an `await` has no place in the code any more. */
const places = new WeakMap<AttributeRecord, Map<string, Error>>()

/** After a query. */
export function noteTogether(records: readonly AttributeRecord[]): void {
  if (!isWatched || records.length < 2 || reactions.current === undefined) return
  const group: Together = new Map()
  for (const record of records) together.set(record, group)
}

/** When an association is read that may have to be loaded. */
export function noteRead(owner: AttributeRecord, { name }: Reflection): void {
  if (!isWatched || !together.has(owner)) return
  const known = places.get(owner) ?? new Map<string, Error>()
  places.set(owner, known.set(name, new Error(name)))
}

/** Before an association of one record is loaded.
 * @throws RepeatedLoading when another record of the same query loaded it too, and that is an error
 */
export function checkRepeated(owner: AttributeRecord, { name }: Reflection): void {
  if (!isWatched) return
  const group = together.get(owner)
  const reaction = reactions.current?.reaction
  if (group === undefined || reaction === undefined) return
  const owners = group.get(name) ?? new Set()
  group.set(name, owners.add(owner))
  if (owners.size !== 2) return
  const error = new RepeatedLoading({ model: owner.constructor.name, association: name, place: placeOf(places.get(owner)?.get(name)) })
  if (reaction === 'raise') throw error
  logger.warn(error.message)
}

const ownFolder = dirname(dirname(import.meta.dirname))

/** The first line of a stack that is the application's. */
function placeOf(error: Error | undefined): string | undefined {
  for (const line of error?.stack?.split('\n').slice(1) ?? []) {
    const place = /\(?((?:file:\/\/)?\/?[^\s()]+:\d+):\d+\)?$/.exec(line.trim())?.[1]?.replace('file://', '')
    if (place !== undefined && !place.startsWith(ownFolder) && !place.startsWith('node:')) return place
  }
  return undefined
}
