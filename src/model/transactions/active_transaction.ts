import type { OpenTransaction } from '../../context/index.ts'
import type { Binding } from '../binding.ts'
import type { Transaction } from '../database.ts'

/** What waits for the end of a transaction. */
export interface Participant {
  committed(): void | Promise<void>
  rolledBack(): void | Promise<void>
}

/** An open transaction, or a savepoint inside of one. */
export class ActiveTransaction implements OpenTransaction {
  readonly binding: Binding
  readonly port: Transaction
  readonly parent: OpenTransaction | undefined
  /** The name of the savepoint; undefined for a transaction of its own. */
  readonly savepoint: string | undefined
  readonly participants: Participant[] = []
  isOpen = true
  /** Tells those who listen how it ended. */
  tellEnd: (outcome: 'commit' | 'rollback') => void = () => {}

  constructor(binding: Binding, port: Transaction, parent: OpenTransaction | undefined, savepoint?: string) {
    this.binding = binding
    this.port = port
    this.parent = parent
    this.savepoint = savepoint
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.participants.push({ committed: work, rolledBack: () => {} })
  }

  add(participant: Participant): void {
    this.participants.push(participant)
  }
}
