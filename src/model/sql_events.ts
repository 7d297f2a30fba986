import { currentExecution } from '../context/index.ts'
import { type Channel, channel } from '../notifications/index.ts'
import { namesOfBinds } from './bind_names.ts'
import type { Changes, Database, ResultSet, SqlValue, Transaction } from './database.ts'

const statements = channel('sql.active_record')
const instantiations = channel('instantiation.active_record')
const actions = channel('process_action.action_controller')
const jobs = channel('perform.active_job')
const beginnings = channel('start_transaction.active_record')
const transactions = channel('transaction.active_record')

/** What statements run on. */
export type Connection = Pick<Database, 'query' | 'execute'>

/** Whether anybody listens to statements, or to what counts them. */
export function areStatementsObserved(): boolean {
  return statements.isOn || actions.isOn || jobs.isOn
}

/** A connection whose statements are told to those who listen, under Rails' names: `Order Load`, `Order Create`.
 * @param transaction the open one; undefined outside of any
 */
export function observedConnection(connection: Connection, name: string | null, transaction: object | undefined): Connection {
  return {
    query: (sql, args) => observed(sql, args, name, connection, transaction, () => connection.query(sql, args)),
    execute: (sql, args) => observed(sql, args, name, connection, transaction, () => connection.execute(sql, args)),
  }
}

function observed<T extends ResultSet | Changes>(
  sql: string,
  args: readonly SqlValue[],
  name: string | null,
  connection: object,
  transaction: object | undefined,
  work: () => T | Promise<T>,
): T | Promise<T> {
  const payload = {
    sql,
    name,
    /** What goes where, `{ name, value }`: for those who write it down, and must know what to leave out. */
    get binds() {
      const names = namesOfBinds(sql)
      return args.map((value, place) => ({ name: names[place] ?? null, value }))
    },
    type_casted_binds: args,
    async: false,
    allow_retry: false,
    connection,
    transaction: transaction ?? null,
    affected_rows: 0,
    row_count: 0,
  }
  return counted(name, () =>
    statements.instrument(payload, () => {
      const pending = work()
      return pending instanceof Promise ? pending.then((result) => note(result, payload)) : note(pending, payload)
    }),
  )
}

/** Tells of a query that was answered without asking the database. */
export function tellCached(sql: string, args: readonly SqlValue[], name: string | null, connection: object, answer: ResultSet): void {
  const runtimes = currentExecution()?.runtimes
  if (runtimes !== undefined) {
    runtimes.queries++
    runtimes.cachedQueries++
  }
  if (!statements.isOn) return
  const names = namesOfBinds(sql)
  const binds = args.map((value, place) => ({ name: names[place] ?? null, value }))
  const row_count = answer.rows.length
  statements.publish({ sql, name, binds, type_casted_binds: args, cached: true, connection, transaction: null, row_count })
}

/** Rows that a statement gives back which writes are those it wrote. */
function note<T extends ResultSet | Changes>(result: T, payload: { sql: string; affected_rows: number; row_count: number }): T {
  if (!('rows' in result)) payload.affected_rows = result.affected
  else {
    payload.row_count = result.rows.length
    if (/^\s*(?:insert|update|delete)\b/i.test(payload.sql)) payload.affected_rows = result.rows.length
  }
  return result
}

/** Adds to what the request or job has spent. */
function counted<T>(name: string | null, work: () => T | Promise<T>): T | Promise<T> {
  const runtimes = currentExecution()?.runtimes
  if (runtimes === undefined) return work()
  const startedAt = performance.now()
  const add = () => {
    runtimes.database += performance.now() - startedAt
    if (name !== 'TRANSACTION' && name !== 'SCHEMA') runtimes.queries++
  }
  const pending = work()
  if (pending instanceof Promise) return pending.finally(add)
  add()
  return pending
}

/** Tells how many records of a class a query has made. */
export function tellInstantiated(className: string, count: number): void {
  if (instantiations.isOn && count > 0) instantiations.publish({ record_count: count, class_name: className })
}

/** Runs what begins or ends a transaction as the statement that it is. */
export function observedTransactionStatement<T>(
  sql: string,
  connection: object,
  transaction: object | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!areStatementsObserved()) return work()
  let result: T
  const statement = observed(sql, [], 'TRANSACTION', connection, transaction, async () => {
    result = await work()
    return { affected: 0 }
  })
  return Promise.resolve(statement).then(() => result)
}

/** Tells that a transaction has begun, and answers with what tells its end. */
export function tellTransaction(port: Transaction, transaction: object): (outcome: 'commit' | 'rollback') => void {
  beginnings.publish({ connection: port, transaction })
  const event = began(transactions, { connection: port, transaction })
  return (outcome) => {
    if (event === undefined) return
    event.payload['outcome'] = outcome
    event.end()
  }
}

function began(events: Channel, payload: Record<string, unknown>) {
  return events.isOn ? events.begin(payload) : undefined
}
