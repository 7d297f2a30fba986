import type { OpenTransaction } from '../../context/index.ts'
import type { Database, Transaction } from '../database.ts'

/** What waits for the end of a transaction. */
export interface Participant {
  /** The row that it is about: of several that are about one row, the last runs its callbacks. */
  readonly row?: string | undefined
  /** Whether it comes instead of an earlier one of the same row. */
  follows?(earlier: Participant): boolean
  /** Runs on the connection before the outermost commit; what it throws rolls back. */
  beforeCommit?(): void | Promise<void>
  committed(): void | Promise<void>
  rolledBack(): void | Promise<void>
  /** Puts back what was before, also for those that run no callbacks. */
  restore?(): void
}

/** What was asked to run after a commit or a rollback. */
export interface Hook {
  readonly outcome: 'commit' | 'rollback'
  readonly work: () => void | Promise<void>
}

/** An open transaction, or a savepoint inside of one. */
export class ActiveTransaction implements OpenTransaction {
  readonly database: Database
  readonly port: Transaction
  readonly parent: OpenTransaction | undefined
  /** The name of the savepoint; undefined for a transaction of its own. */
  readonly savepoint: string | undefined
  /** Whether what is inside joins it. False, it is around others as if it weren't there: theirs are savepoints that are committed for themselves. */
  readonly isJoinable: boolean
  readonly participants: Participant[] = []
  /** What runs after the callbacks of the participants, in the order in which it was asked for. */
  readonly hooks: Hook[] = []
  /** What is done on the connection before the commit. */
  readonly beforeCommit: (() => void | Promise<void>)[] = []
  /** Whether a record that takes part has callbacks to run before the commit. */
  hasBeforeCommit = false
  isOpen = true
  /** Whether the database ended it already: its commit failed. */
  isEnded = false
  /** Tells those who listen how it ended. */
  tellEnd: (outcome: 'commit' | 'rollback') => void = () => {}

  constructor(database: Database, port: Transaction, parent: OpenTransaction | undefined, savepoint?: string, isJoinable = true) {
    this.database = database
    this.port = port
    this.parent = parent
    this.savepoint = savepoint
    this.isJoinable = isJoinable
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.hooks.push({ outcome: 'commit', work })
  }

  afterAllCommits(work: () => void | Promise<void>): void {
    const open = this.#openByDatabase()
    let left = open.length
    for (const transaction of open) transaction.afterCommit(() => (--left === 0 ? work() : undefined))
  }

  /** This one, and the innermost one on each other database that is open around it. What others don't join holds nothing up. */
  #openByDatabase(): ActiveTransaction[] {
    const found = new Map<Database, ActiveTransaction>([[this.database, this]])
    for (let outer = this.parent; outer instanceof ActiveTransaction; outer = outer.parent)
      if (outer.isOpen && outer.isJoinable && !found.has(outer.database)) found.set(outer.database, outer)
    return [...found.values()]
  }

  afterRollback(work: () => void | Promise<void>): void {
    this.hooks.push({ outcome: 'rollback', work })
  }

  add(participant: Participant): void {
    this.participants.push(participant)
  }
}
