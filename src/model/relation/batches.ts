import { logger } from '../../logging/index.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { ordersOf } from '../sql/order.ts'
import { columnSelection } from '../sql/selection.ts'
import { withoutQueryCache } from '../query_cache.ts'
import { beyond, type CursorColumn, cursorOf, list, valuesOf, walked } from './batch_cursor.ts'
import { type Batch, Batches, Walk } from './batch_enumerator.ts'
import { WriteMethods } from './bulk_writes.ts'
import type { Clauses } from './clauses.ts'

export type Direction = 'asc' | 'desc'

/** How records are walked in batches. */
export interface BatchOptions {
  /** Records a query; 1,000 by default. */
  readonly batchSize?: number
  /** The value of the cursor to start at, included; an array for several columns. */
  readonly start?: unknown
  /** The value of the cursor to end at, included; an array for several columns. */
  readonly finish?: unknown
  /** The columns to walk by, which together are unique; the key by default. */
  readonly cursor?: string | readonly string[]
  /** The direction, or one for each column of the cursor. */
  readonly order?: Direction | readonly Direction[]
  /** True throws when the relation has an order, which batches don't keep; false says nothing. Default: a warning in the log. */
  readonly errorOnIgnore?: boolean
}

/** How `inBatches` walks. */
export interface InBatchesOptions extends BatchOptions {
  /** Records a batch; another name of `batchSize`. */
  readonly of?: number
  /** True loads the records of each batch with the query that finds it. */
  readonly load?: boolean
  /** Whether batches are told by the ends of a range rather than by the keys of their rows. Default: when all rows of the table are walked. */
  readonly useRanges?: boolean
}

/** The methods that walk many records without holding all of them. */
export class BatchMethods extends WriteMethods {
  /** Calls `work` with each record, read in batches by key; without `work`, something to iterate.
   * @example await Article.findEach((article) => article.reindex(), { batchSize: 200 })
   * @example for await (const article of Article.findEach()) …
   */
  findEach(work: (record: ModelRecord) => unknown, options?: BatchOptions): Promise<void>
  findEach(options?: BatchOptions): Walk<ModelRecord>
  findEach(first: ((record: ModelRecord) => unknown) | BatchOptions = {}, options: BatchOptions = {}): Promise<void> | Walk<ModelRecord> {
    if (typeof first !== 'function')
      return new Walk(
        () => eachOf(this.batches(first)),
        () => this.walkedCount(first),
      )
    return forEachOf(this.batches(options), async (records) => {
      for (const record of records) await first(record)
    })
  }

  /** Calls `work` with each batch of records; without `work`, something to iterate. */
  findInBatches(work: (records: ModelRecord[]) => unknown, options?: BatchOptions): Promise<void>
  findInBatches(options?: BatchOptions): Walk<ModelRecord[]>
  findInBatches(
    first: ((records: ModelRecord[]) => unknown) | BatchOptions = {},
    options: BatchOptions = {},
  ): Promise<void> | Walk<ModelRecord[]> {
    if (typeof first === 'function') return forEachOf(this.batches(options), first)
    return new Walk(
      () => this.batches(first),
      async () => Math.ceil((await this.walkedCount(first)) / sizeOf(first)),
    )
  }

  /** Calls `work` with a relation for each batch of `of` records; without `work`, the batches: to iterate, or to write to.
   * @example await Comment.where({ spam: true }).inBatches({ of: 500 }).deleteAll()
   */
  inBatches(work: (batch: this) => unknown, options?: InBatchesOptions): Promise<void>
  inBatches(options?: InBatchesOptions): Batches<this>
  inBatches(first: ((batch: this) => unknown) | InBatchesOptions = {}, options: InBatchesOptions = {}): Promise<void> | Batches<this> {
    if (typeof first !== 'function')
      return new Batches((load) => BatchMethods.#relations(this, { ...first, load: load || first.load === true }))
    return (async () => {
      for await (const { relation } of BatchMethods.#relations(this, options)) await first(relation)
    })()
  }

  static async *#relations<R extends BatchMethods>(relation: R, options: InBatchesOptions): AsyncGenerator<Batch<R>> {
    const { info, clauses } = relation
    const batchOptions = { ...options, batchSize: options.of ?? options.batchSize ?? 1000 }
    const cursor = cursorOf(info, batchOptions)
    const columns = cursor.map(({ column }) => column)
    const load = options.load === true || relation.isLoaded()
    const whole = relation.spawn(clauses.with({ limit: null, offset: null, orders: [] }))
    const usesRanges = options.useRanges ?? isWholeTable(clauses)
    let before: readonly unknown[] | undefined
    for await (const records of relation.batches(batchOptions, load ? undefined : columns)) {
      const last = valuesOf(records.at(-1)!, cursor)
      const batch =
        usesRanges && !load
          ? whole.spawn(between(relation, cursor, before, last, options))
          : whole.where(...theseRows(columns, records, cursor))
      if (load) batch.takeRecords(records)
      yield { relation: batch }
      before = last
    }
  }

  private async walkedCount(options: BatchOptions): Promise<number> {
    const cursor = cursorOf(this.info, options)
    if (this.isLoaded()) return walked(await this.toArray(), cursor, options).length
    return Number(await this.spawn(walkedClauses(this, cursor, options, undefined)).count())
  }

  /** The records in batches; with `only`, records that have nothing but these columns. */
  private async *batches(options: BatchOptions, only?: readonly Column[]): AsyncGenerator<ModelRecord[]> {
    const { info } = this
    const batchSize = sizeOf(options)
    const cursor = cursorOf(info, options)
    noteIgnoredOrder(this.clauses, options)
    if (this.isLoaded()) {
      const records = walked(await this.toArray(), cursor, options)
      for (let from = 0; from < records.length; from += batchSize) yield records.slice(from, from + batchSize)
      return
    }
    const base = walkedClauses(this, cursor, options, only)
    let remaining = base.limit ?? Number.POSITIVE_INFINITY
    let clauses = base
    while (remaining > 0) {
      const limit = Math.min(batchSize, remaining)
      const records = await withoutQueryCache(() => this.fetch(clauses.with({ limit })))
      if (records.length === 0) return
      const last = valuesOf(records.at(-1)!, cursor)
      yield records
      if (records.length < limit) return
      remaining -= records.length
      clauses = base.with({ offset: null }).and([beyond(info, cursor, last, 'after')])
    }
  }
}

/** The rows of a batch by its ends, which a database finds sooner than each by its key. */
function between(
  { info, clauses: all }: BatchMethods,
  cursor: readonly CursorColumn[],
  before: readonly unknown[] | undefined,
  last: readonly unknown[],
  { start }: BatchOptions,
): Clauses {
  const clauses = all.with({ limit: null, offset: null, orders: [] })
  const first =
    before !== undefined ? [beyond(info, cursor, before, 'after')] : given(start) ? [beyond(info, cursor, list(start), 'start')] : []
  return clauses.and([...first, beyond(info, cursor, last, 'finish')])
}

/** The query that is walked, in the order of the cursor and between the ends. */
function walkedClauses(
  { info, clauses }: BatchMethods,
  cursor: readonly CursorColumn[],
  { start, finish }: BatchOptions,
  only: readonly Column[] | undefined,
): Clauses {
  let base = clauses.with({ orders: cursor.flatMap(({ column, direction }) => ordersOf(info, [{ [column.name]: direction }])) })
  if (only !== undefined)
    base = base.with({ includes: new Map(), preloads: new Map(), selections: only.map((column) => columnSelection(info, column)) })
  if (given(start)) base = base.and([beyond(info, cursor, list(start), 'start')])
  if (given(finish)) base = base.and([beyond(info, cursor, list(finish), 'finish')])
  return base
}

async function forEachOf(batches: AsyncIterable<ModelRecord[]>, work: (records: ModelRecord[]) => unknown): Promise<void> {
  for await (const records of batches) await work(records)
}

async function* eachOf(batches: AsyncIterable<ModelRecord[]>): AsyncGenerator<ModelRecord> {
  for await (const records of batches) yield* records
}

/** @throws InvalidArgument for batches of nothing, which would never come to an end or leave all records out */
function sizeOf({ batchSize = 1000 }: BatchOptions): number {
  if (Number.isInteger(batchSize) && batchSize > 0) return batchSize
  throw new InvalidArgument({ reason: `Batches hold at least one record; their size was given as ${String(batchSize)}.` })
}

function given(end: unknown): boolean {
  return end !== undefined && end !== null
}

/** Whether a query is of all rows, so that a range of the key has no others in it. */
function isWholeTable({ wheres, joins, groups, source, distinct, limit, offset }: Clauses): boolean {
  return [wheres, joins, groups].every((part) => part.length === 0) && source === null && !distinct && limit === null && offset === null
}

/** The arguments of `where` that find some rows again. */
function theseRows(columns: readonly Column[], records: readonly ModelRecord[], cursor: readonly CursorColumn[]): [unknown, ...unknown[]] {
  const rows = records.map((record) => valuesOf(record, cursor))
  const [only] = columns
  if (columns.length === 1) return [{ [only!.name]: rows.map(([value]) => value) }]
  return [columns.map((column) => column.name), rows]
}

/** @throws InvalidArgument when the relation has an order and `errorOnIgnore` is true; else it is logged */
function noteIgnoredOrder({ orders }: Clauses, { errorOnIgnore }: BatchOptions): void {
  if (orders.length === 0) return
  const reason = 'The order of the relation is ignored in batches; walk in another with `cursor` and `order`.'
  if (errorOnIgnore === true) throw new InvalidArgument({ reason })
  if (errorOnIgnore === undefined) logger.warn(reason)
}
