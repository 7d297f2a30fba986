import { CallbackAborted } from '../../errors/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { list } from '../callbacks/guard.ts'
import type { CollectionCallback, CollectionEvent } from './declaration.ts'
import type { Reflection } from './reflection.ts'

/** Runs the callbacks of a collection about a record.
 * @returns false when one called `abort()`: the record stays where it was
 */
export async function runCollectionCallbacks(
  owner: AttributeRecord,
  reflection: Reflection,
  event: CollectionEvent,
  record: ModelRecord,
): Promise<boolean> {
  try {
    for (const callback of collectionCallbacks(reflection, event)) await call(callback, event, owner, record)
    return true
  } catch (error) {
    return abortedBefore(event, error)
  }
}

/** The same where nothing can be awaited: `build`, and assigning the records of a new owner.
 * @throws InvalidArgument when a callback is asynchronous
 */
export function runCollectionCallbacksNow(
  owner: AttributeRecord,
  reflection: Reflection,
  event: CollectionEvent,
  record: ModelRecord,
): boolean {
  try {
    for (const callback of collectionCallbacks(reflection, event)) refusePromise(call(callback, event, owner, record), reflection, event)
    return true
  } catch (error) {
    return abortedBefore(event, error)
  }
}

/** What was declared for an event, in order. */
export function collectionCallbacks({ options }: Reflection, event: CollectionEvent): readonly CollectionCallback[] {
  const given = options[event]
  return given === undefined ? [] : list(given)
}

/** Whether anything is called when records come and go. */
export function hasCollectionCallbacks(reflection: Reflection): boolean {
  return collectionEvents.some((event) => reflection.options[event] !== undefined)
}

/** In the order in which they run. */
export const collectionEvents: readonly CollectionEvent[] = ['beforeAdd', 'afterAdd', 'beforeRemove', 'afterRemove']

function call(callback: CollectionCallback, event: CollectionEvent, owner: AttributeRecord, record: ModelRecord): unknown {
  if (typeof callback === 'function') return callback.call(owner as never, owner as never, record as never)
  if (typeof callback === 'string') return (Reflect.get(owner, callback) as (record: ModelRecord) => unknown).call(owner, record)
  return callback[event]?.(owner as never, record as never)
}

/** `abort()` halts what comes before; after the fact there is nothing to halt, and it is the error that it is. */
function abortedBefore(event: CollectionEvent, error: unknown): false {
  if (error instanceof CallbackAborted && event.startsWith('before')) return false
  throw error
}

function refusePromise(answer: unknown, { name, info }: Reflection, event: CollectionEvent): void {
  if (!(answer instanceof Promise)) return
  answer.catch(() => {})
  throw new InvalidArgument({
    reason: `${event} of ${info.model.name}.${name} is asynchronous, so records can't be built or assigned: add them with create() or push(), which wait for it.`,
  })
}
