import { type JournalContents, textFrame } from '../../../../src/jobs/journal/index.ts'
import type { Changes, Store } from '../state/store.ts'
import { encodeChanges } from './batch.ts'
import { everything } from './snapshot.ts'

/** What the journal writes of a store: the present state of what has changed since it last wrote, however often it changed. All of a
 * write is one frame, so that a flow is there as a whole or not at all. */
export class StoreContents implements JournalContents {
  readonly #store: Store
  /** What is being written, until it is. */
  #changes: Changes | undefined
  #portion: string[] = []

  constructor(store: Store) {
    this.#store = store
  }

  readonly neededBytes = undefined
  readonly counter = 0

  get pendingBytes(): number {
    return this.#store.hasChanges ? 1 : 0
  }

  take(salt: number): readonly Buffer[] {
    this.#changes = this.#store.takeChanges()
    const entries = encodeChanges(this.#changes)
    entries.push(...this.#portion)
    this.#portion = []
    return entries.length === 0 ? [] : [textFrame(`[${entries.join(',\n')}]`, salt)]
  }

  stored(): void {
    if (this.#changes !== undefined) this.#store.confirmChanges(this.#changes)
    this.#changes = undefined
  }

  refused(): void {
    if (this.#changes !== undefined) this.#store.restoreChanges(this.#changes)
    this.#changes = undefined
    this.#portion = []
  }

  *snapshot(): Generator<void, void> {
    for (const portion of everything(this.#store)) {
      this.#portion = portion
      yield
    }
  }
}
