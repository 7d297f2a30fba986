import { AsyncLocalStorage } from 'node:async_hooks'
import type { AttributeRecord } from './attribute_record.ts'

const touchless = new AsyncLocalStorage<readonly Function[]>()

/** Runs `work` with records of a class not touched, neither by themselves nor by what belongs to them. */
export function withoutTouching<T>(model: Function, work: () => T): T {
  return touchless.run([...(touchless.getStore() ?? []), model], work)
}

/** Whether the record isn't to be touched now. */
export function isTouchless(record: AttributeRecord): boolean {
  return touchless.getStore()?.some((model) => record instanceof model) ?? false
}
