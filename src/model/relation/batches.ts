import { didYouMean } from '../../naming/index.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { readColumn } from '../record/attribute_access.ts'
import type { Clause } from '../sql/clause.ts'
import { allOf, compare, eitherOf } from '../sql/comparison.ts'
import { ordersOf } from '../sql/order.ts'
import { columnSelection, type Selection } from '../sql/selection.ts'
import { type Batch, Batches } from './batch_enumerator.ts'
import { WriteMethods } from './bulk_writes.ts'

type Direction = 'asc' | 'desc'

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
  /** True throws when the relation has an order, which batches don't keep. */
  readonly errorOnIgnore?: boolean
}

/** How `inBatches` walks. */
export interface InBatchesOptions extends BatchOptions {
  /** Records a batch; another name of `batchSize`. */
  readonly of?: number
  /** True loads the records of each batch with the query that finds it. */
  readonly load?: boolean
}

/** The methods that walk many records without holding all of them. */
export class BatchMethods extends WriteMethods {
  /** Calls `work` with each record, read in batches by key; without `work`, something to iterate.
   * @example await Article.findEach((article) => article.reindex(), { batchSize: 200 })
   * @example for await (const article of Article.findEach()) …
   */
  findEach(work: (record: ModelRecord) => unknown, options?: BatchOptions): Promise<void>
  findEach(options?: BatchOptions): AsyncIterable<ModelRecord>
  findEach(
    first: ((record: ModelRecord) => unknown) | BatchOptions = {},
    options: BatchOptions = {},
  ): Promise<void> | AsyncIterable<ModelRecord> {
    if (typeof first !== 'function') return eachOf(this.batches(first))
    return this.#forEachBatch(options, async (records) => {
      for (const record of records) await first(record)
    })
  }

  /** Calls `work` with each batch of records; without `work`, something to iterate. */
  findInBatches(work: (records: ModelRecord[]) => unknown, options?: BatchOptions): Promise<void>
  findInBatches(options?: BatchOptions): AsyncIterable<ModelRecord[]>
  findInBatches(
    first: ((records: ModelRecord[]) => unknown) | BatchOptions = {},
    options: BatchOptions = {},
  ): Promise<void> | AsyncIterable<ModelRecord[]> {
    return typeof first === 'function' ? this.#forEachBatch(options, first) : this.batches(first)
  }

  /** Calls `work` with a relation for each batch of `of` records; without `work`, the batches: to iterate, or to write to.
   * @example await Comment.where({ spam: true }).inBatches({ of: 500 }).deleteAll()
   */
  inBatches(work: (batch: this) => unknown, options?: InBatchesOptions): Promise<void>
  inBatches(options?: InBatchesOptions): Batches<this>
  inBatches(first: ((batch: this) => unknown) | InBatchesOptions = {}, options: InBatchesOptions = {}): Promise<void> | Batches<this> {
    if (typeof first !== 'function') return new Batches((load) => this.#relations({ ...first, load: load || first.load === true }))
    return (async () => {
      for await (const { relation } of this.#relations(options)) await first(relation)
    })()
  }

  async *#relations(options: InBatchesOptions): AsyncGenerator<Batch<this>> {
    const { info } = this
    const batchSize = options.of ?? options.batchSize ?? 1000
    const key = info.schema.key
    if (key === undefined) throw new InvalidArgument({ reason: `inBatches() needs a single key; ${info.model.name} has none.` })
    const load = options.load === true
    for await (const records of this.batches({ ...options, batchSize }, load ? undefined : [key])) {
      const batch = this.spawn(info.unscopedClauses).where({ [key.name]: records.map((record) => readColumn(record, key)) })
      if (load) batch.takeRecords(records)
      yield { relation: batch }
    }
  }

  async #forEachBatch(options: BatchOptions, work: (records: ModelRecord[]) => unknown): Promise<void> {
    for await (const records of this.batches(options)) await work(records)
  }

  /** The records in batches; with `only`, records that have nothing but these columns and the cursor. */
  private async *batches(options: BatchOptions, only?: readonly Column[]): AsyncGenerator<ModelRecord[]> {
    const { info, clauses: given } = this
    if (options.errorOnIgnore === true && given.orders.length > 0)
      throw new InvalidArgument({ reason: 'The order of the relation is ignored in batches; walk by another with `cursor` and `order`.' })
    const cursor = cursorOf(this, options)
    let base = given.with({ orders: cursor.flatMap(({ column, direction }) => ordersOf(info, [{ [column.name]: direction }])) })
    if (only !== undefined)
      base = base.with({
        includes: new Map(),
        preloads: new Map(),
        selections: selected(this, [...only, ...cursor.map((each) => each.column)]),
      })
    if (options.start !== undefined) base = base.and([beyond(this, cursor, list(options.start), 'start')])
    if (options.finish !== undefined) base = base.and([beyond(this, cursor, list(options.finish), 'finish')])
    let remaining = given.limit ?? Number.POSITIVE_INFINITY
    let clauses = base
    while (remaining > 0) {
      const limit = Math.min(options.batchSize ?? 1000, remaining)
      const records = await this.fetch(clauses.with({ limit }))
      if (records.length === 0) return
      yield records
      if (records.length < limit) return
      remaining -= records.length
      const last = records.at(-1)!
      const values = cursor.map(({ column }) => readColumn(last, column))
      clauses = base.with({ offset: null }).and([beyond(this, cursor, values, 'after')])
    }
  }
}

async function* eachOf(batches: AsyncIterable<ModelRecord[]>): AsyncGenerator<ModelRecord> {
  for await (const records of batches) yield* records
}

interface CursorColumn {
  readonly column: Column
  readonly direction: Direction
}

function cursorOf(relation: BatchMethods, { cursor, order = 'asc' }: BatchOptions): CursorColumn[] {
  const { schema, model } = relation.info
  const columns = cursor === undefined ? schema.primaryKey : list(cursor).map((name) => columnNamed(relation, String(name)))
  if (columns.length === 0) throw new InvalidArgument({ reason: `${model.name} has no key; say a cursor.` })
  return columns.map((column, place) => ({ column, direction: (Array.isArray(order) ? order[place] : (order as Direction)) ?? 'asc' }))
}

function columnNamed({ info }: BatchMethods, name: string): Column {
  const { byName } = info.schema
  const column = byName.get(name)
  if (column === undefined) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
  return column
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

const operators = {
  start: { asc: ['gt', 'gte'], desc: ['lt', 'lte'] },
  finish: { asc: ['lt', 'lte'], desc: ['gt', 'gte'] },
  after: { asc: ['gt', 'gt'], desc: ['lt', 'lt'] },
} as const

/** The rows from, up to or after a place of the cursor: column by column, the earlier ones being equal. */
function beyond(
  relation: BatchMethods,
  cursor: readonly CursorColumn[],
  values: readonly unknown[],
  where: keyof typeof operators,
): Clause {
  const { table } = relation.info.schema
  const ways = cursor.map(({ column, direction }, place) => {
    const isLast = place === cursor.length - 1
    const operator = operators[where][direction][isLast ? 1 : 0]
    const equal = cursor.slice(0, place).map((each, before) => compare({ path: '', table, column: each.column }, values[before]))
    return allOf([...equal, compare({ path: '', table, column }, { [operator]: values[place] })])
  })
  return ways.reduce(eitherOf)
}

function selected(relation: BatchMethods, columns: readonly Column[]): Selection[] {
  return [...new Set(columns)].map((column) => columnSelection(relation.info, column))
}
