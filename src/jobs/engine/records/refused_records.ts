import type { Waiter } from '../../journal/index.ts'
import { Addition } from '../adding/addition.ts'
import { PlainGroup } from '../adding/plain_group.ts'

/** The records of those who were refused. */
export class RefusedRecords {
  readonly #places = new Map<Buffer, Set<number>>()

  constructor(waiters: readonly Waiter[]) {
    for (const waiter of waiters) {
      if (!(waiter instanceof Addition || waiter instanceof PlainGroup)) continue
      waiter.forEachRecord(({ bytes, at }) => {
        const known = this.#places.get(bytes)
        if (known === undefined) this.#places.set(bytes, new Set([at]))
        else known.add(at)
      })
    }
  }

  has(bytes: Buffer, at: number): boolean {
    return this.#places.get(bytes)?.has(at) === true
  }
}
