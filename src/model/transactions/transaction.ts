import { setTimeout } from 'node:timers/promises'
import { currentExecution, withExecution } from '../../context/index.ts'
import { type DatabaseFailure, RegaugeError } from '../../errors/index.ts'
import type { Binding } from '../binding.ts'
import { databaseNow } from '../connections/connecting.ts'
import { InvalidArgument, Rollback, TransactionIsolation } from '../errors.ts'
import { clearQueryCache } from '../query_cache.ts'
import { observedTransactionStatement, tellTransaction } from '../sql_events.ts'
import { ActiveTransaction, type Hook, type Participant } from './active_transaction.ts'
import { currentTransaction } from './connection.ts'
import { TransactionHandle } from './transaction_handle.ts'

const isolations = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const

/** How a transaction is opened. */
export interface TransactionOptions {
  /** Inside of a transaction: a savepoint of its own rather than joining. */
  readonly requiresNew?: boolean
  /** How often a transaction of its own is tried again when the database ends it for another's sake: a deadlock, or two that can't be put in an order.
   * `work` runs from its beginning then, and must be able to. Default: 0. */
  readonly retries?: number
  /** False: transactions inside don't join this one, and what waits for their commit doesn't wait for its. For test suites around others' code. */
  readonly joinable?: boolean
  readonly isolation?: (typeof isolations)[number]
}

/** What runs in a transaction, which it is given. */
export type TransactionWork<T> = (transaction: TransactionHandle) => T | Promise<T>

/** Runs `work` in a transaction: everything awaited inside runs on its connection. Inside of an open transaction it joins that one.
 *
 * @returns what `work` returned; undefined after a `Rollback`
 * @throws InvalidArgument for an unknown isolation
 * @throws TransactionIsolation for an isolation inside of an open transaction, which has its own
 */
export async function inTransaction<T>(
  binding: Binding,
  work: TransactionWork<T>,
  options: TransactionOptions = {},
): Promise<T | undefined> {
  const { isolation } = options
  if (isolation !== undefined && !isolations.includes(isolation))
    throw new InvalidArgument({ reason: `isolation is one of ${isolations.join(', ')}; it was given ${JSON.stringify(isolation)}.` })
  const outer = currentTransaction(binding)
  if (outer !== undefined && isolation !== undefined) throw new TransactionIsolation({ isolation, isJoined: !options.requiresNew })
  if (outer?.isJoinable && !options.requiresNew) return quietly(() => work(new TransactionHandle(outer)))
  if (outer !== undefined || !options.retries) return runOnce(binding, work, options, outer)
  for (let tries = 0; ; tries++) {
    try {
      return await runOnce(binding, work, options, outer)
    } catch (error) {
      if (tries >= options.retries || !isConflict(error)) throw error
      await setTimeout(Math.random() * 10 * 2 ** Math.min(tries, 6))
    }
  }
}

/** Whether the database gave up one of two transactions that it couldn't serve both. */
function isConflict(error: unknown): boolean {
  const kind = error instanceof RegaugeError ? (error.details as Partial<DatabaseFailure>).kind : undefined
  return kind === 'conflict' || kind === 'busy'
}

async function runOnce<T>(
  binding: Binding,
  work: TransactionWork<T>,
  options: TransactionOptions,
  outer: ActiveTransaction | undefined,
): Promise<T | undefined> {
  const isJoinable = options.joinable !== false
  const transaction = outer === undefined ? await open(binding, options, isJoinable) : await openSavepoint(outer, isJoinable)
  let result: T
  try {
    result = await withExecution({ transaction }, async () => {
      const answer = await work(new TransactionHandle(isJoinable ? transaction : undefined))
      if (!hasWaitingParent(outer)) await runBeforeCommit(transaction)
      return answer
    })
    await commit(transaction)
  } catch (error) {
    await rollback(transaction)
    if (error instanceof Rollback) return undefined
    throw error
  }
  return quietly(async () => {
    await settled(transaction, outer)
    return result
  })
}

async function quietly<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Rollback) return undefined
    throw error
  }
}

/** Whether what waits for the commit waits for that of a transaction around. */
function hasWaitingParent(outer: ActiveTransaction | undefined): outer is ActiveTransaction {
  return outer?.isJoinable === true
}

async function open(binding: Binding, { isolation }: TransactionOptions, isJoinable: boolean): Promise<ActiveTransaction> {
  const options = isolation === undefined ? undefined : { isolation }
  const execution = currentExecution()
  const database = databaseNow(binding, execution)
  const port = await observedTransactionStatement('BEGIN TRANSACTION', database, undefined, () => database.begin(options))
  return told(new ActiveTransaction(database, port, execution?.transaction, undefined, isJoinable))
}

let savepoints = 0

async function openSavepoint(outer: ActiveTransaction, isJoinable: boolean): Promise<ActiveTransaction> {
  const name = `regauge_${++savepoints}`
  await statement(outer, `SAVEPOINT ${name}`, () => outer.port.savepoint(name))
  return told(new ActiveTransaction(outer.database, outer.port, outer, name, isJoinable))
}

function told(transaction: ActiveTransaction): ActiveTransaction {
  transaction.tellEnd = tellTransaction(transaction.port, transaction)
  return transaction
}

function statement(transaction: ActiveTransaction, sql: string, work: () => Promise<void>): Promise<void> {
  return observedTransactionStatement(sql, transaction.port, transaction, work)
}

async function commit(transaction: ActiveTransaction): Promise<void> {
  const { port, savepoint } = transaction
  if (savepoint === undefined) {
    transaction.isEnded = true // also by a commit that fails
    await statement(transaction, 'COMMIT TRANSACTION', () => port.commit())
  } else await statement(transaction, `RELEASE SAVEPOINT ${savepoint}`, () => port.releaseSavepoint(savepoint))
  transaction.isOpen = false
  transaction.tellEnd('commit')
}

async function rollback(transaction: ActiveTransaction): Promise<void> {
  transaction.isOpen = false
  try {
    const { port, savepoint } = transaction
    if (transaction.isEnded) return
    if (savepoint === undefined) await statement(transaction, 'ROLLBACK TRANSACTION', () => port.rollback())
    else await statement(transaction, `ROLLBACK TO SAVEPOINT ${savepoint}`, () => port.rollbackToSavepoint(savepoint))
  } finally {
    clearQueryCache()
    transaction.tellEnd('rollback')
    try {
      for (const participant of speakingFor(transaction.participants)) await participant.rolledBack()
      await runHooks(transaction.hooks, 'rollback')
    } finally {
      // The oldest state last: a record may have taken part in savepoints too.
      for (const participant of transaction.participants.toReversed()) participant.restore?.()
    }
  }
}

/** What waits goes to the transaction around, or runs: all of it, even when a part throws; the first error is thrown at the end. */
async function settled(transaction: ActiveTransaction, outer: ActiveTransaction | undefined): Promise<void> {
  if (hasWaitingParent(outer)) {
    outer.beforeCommit.push(...transaction.beforeCommit)
    outer.participants.push(...transaction.participants)
    outer.hooks.push(...transaction.hooks)
    if (transaction.hasBeforeCommit) outer.hasBeforeCommit = true
    return
  }
  await runAll(transaction)
}

/** What is done before the commit may add more of it; the callbacks of records run once for each row that took part until then. */
async function runBeforeCommit({ beforeCommit, participants, hasBeforeCommit }: ActiveTransaction): Promise<void> {
  for (const before of beforeCommit) await before()
  if (!hasBeforeCommit) return
  for (const participant of speakingFor([...participants])) await participant.beforeCommit?.()
  for (const before of beforeCommit) await before()
}

/** Those that run callbacks: one for each row, and all that are about none. */
function speakingFor(participants: readonly Participant[]): readonly Participant[] {
  const byRow = new Map<unknown, Participant>()
  for (const participant of participants) {
    const row = participant.row ?? participant
    const earlier = byRow.get(row)
    if (earlier === undefined || participant.follows?.(earlier) !== false) byRow.set(row, participant)
  }
  const speaking = new Set(byRow.values())
  return participants.filter((participant) => speaking.has(participant))
}

async function runAll({ participants, hooks }: ActiveTransaction): Promise<void> {
  const committed = speakingFor(participants).map((participant) => () => participant.committed())
  await runEach([...committed, ...worksOf(hooks, 'commit')])
}

function runHooks(hooks: readonly Hook[], outcome: Hook['outcome']): Promise<void> {
  return runEach(worksOf(hooks, outcome))
}

function worksOf(hooks: readonly Hook[], outcome: Hook['outcome']): Hook['work'][] {
  return hooks.filter((hook) => hook.outcome === outcome).map(({ work }) => work)
}

async function runEach(works: readonly (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const work of works) {
    try {
      await work()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}
