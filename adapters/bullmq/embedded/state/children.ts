/** What happened to the children of a job since the journal was last told: an operation, the child's key, and its value. */
export type ChildChange = readonly [operation: ChildOperation, key: string, value?: string | number]

/** The first letter names the collection; a minus takes the child out of it. */
export type ChildOperation = 'd' | 'd-' | 'p' | 'p-' | 'i' | 'i-' | 'f' | 'f-'

/** The children of a job, by how they ended. Keys are `prefix:queue:id`. */
export class Children {
  /** Not finished yet. */
  readonly pending = new Set<string>()
  /** Completed: the JSON text of what they returned. */
  readonly processed = new Map<string, string>()
  /** Failed, and the parent goes on regardless: why they failed. */
  readonly ignored = new Map<string, string>()
  /** Failed, and the parent fails with them: when. */
  readonly failed = new Map<string, number>()
  /** Not told to the journal yet. */
  changes: ChildChange[] = []

  /** Applies one change.
   * @returns whether it changed anything */
  apply(change: ChildChange): boolean {
    const [operation, key, value] = change
    const changed = this.#apply(operation, key, value)
    if (changed) this.changes.push(change)
    return changed
  }

  /** Everything, as changes to an empty set of children. */
  all(): ChildChange[] {
    return [
      ...[...this.pending].map((key): ChildChange => ['d', key]),
      ...[...this.processed].map(([key, value]): ChildChange => ['p', key, value]),
      ...[...this.ignored].map(([key, reason]): ChildChange => ['i', key, reason]),
      ...[...this.failed].map(([key, time]): ChildChange => ['f', key, time]),
    ]
  }

  #apply(operation: ChildOperation, key: string, value: string | number | undefined): boolean {
    switch (operation) {
      case 'd':
        return this.pending.size !== this.pending.add(key).size
      case 'd-':
        return this.pending.delete(key)
      case 'p':
        this.processed.set(key, String(value))
        return true
      case 'p-':
        return this.processed.delete(key)
      case 'i':
        this.ignored.set(key, String(value))
        return true
      case 'i-':
        return this.ignored.delete(key)
      case 'f':
        this.failed.set(key, Number(value))
        return true
      case 'f-':
        return this.failed.delete(key)
    }
  }
}
