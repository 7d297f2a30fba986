import type { ModelRecord } from '../record/model_record.ts'
import { readColumn } from '../record/attribute_access.ts'
import { compare } from '../sql/comparison.ts'
import { keyOrders } from '../sql/order.ts'
import { CalculationMethods } from './calculations.ts'

/** How records are walked in batches. */
export interface BatchOptions {
  /** Records a query; 1,000 by default. */
  readonly batchSize?: number
  /** The key to start at, included. */
  readonly start?: unknown
  /** The key to end at, included. */
  readonly finish?: unknown
  readonly order?: 'asc' | 'desc'
}

/** The methods that walk many records without holding all of them. */
export class BatchMethods extends CalculationMethods {
  /** Calls `work` with each record, read in batches by key. */
  async findEach(work: (record: ModelRecord) => unknown, options: BatchOptions = {}): Promise<void> {
    for await (const records of this.batches(options)) for (const record of records) await work(record)
  }

  /** Calls `work` with each batch of records. */
  async findInBatches(work: (records: ModelRecord[]) => unknown, options: BatchOptions = {}): Promise<void> {
    for await (const records of this.batches(options)) await work(records)
  }

  /** Calls `work` with a relation for each batch of `of` records. */
  async inBatches(work: (batch: this) => unknown, options: BatchOptions & { of?: number } = {}): Promise<void> {
    const key = this.info.schema.key!
    for await (const records of this.batches({ ...options, batchSize: options.of ?? options.batchSize ?? 1000 })) {
      const ids = records.map((record) => readColumn(record, key))
      await work(this.spawn(this.info.unscopedClauses).where({ [key.name]: ids }))
    }
  }

  private async *batches({ batchSize = 1000, start, finish, order = 'asc' }: BatchOptions): AsyncGenerator<ModelRecord[]> {
    const { info } = this
    const key = info.schema.key!
    const place = { path: '', table: info.schema.table, column: key }
    const [from, to, after] = order === 'asc' ? ['gte', 'lte', 'gt'] : ['lte', 'gte', 'lt']
    let base = this.clauses.with({ orders: keyOrders(info, order) })
    if (start !== undefined) base = base.and([compare(place, { [from!]: start })])
    if (finish !== undefined) base = base.and([compare(place, { [to!]: finish })])
    let remaining = this.clauses.limit ?? Number.POSITIVE_INFINITY
    let clauses = base
    while (remaining > 0) {
      const limit = Math.min(batchSize, remaining)
      const records = await this.fetch(clauses.with({ limit }))
      if (records.length === 0) return
      yield records
      if (records.length < limit) return
      remaining -= records.length
      clauses = base.with({ offset: null }).and([compare(place, { [after!]: readColumn(records.at(-1)!, key) })])
    }
  }
}
