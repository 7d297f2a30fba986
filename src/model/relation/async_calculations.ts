import { CalculationMethods, type Grouped } from './calculations.ts'

/** Rails' names for calculations that run while other things do. Every one here does: its promise is what Rails' `ActiveRecord::Promise` is, and is
 * awaited where Rails asks for the `value`.
 * @example const [count, total] = await Promise.all([orders.asyncCount(), orders.asyncSum('amount')])
 */
export class AsyncCalculations extends CalculationMethods {
  asyncCount(column?: unknown): Promise<number | Grouped> {
    return this.count(column)
  }

  asyncSum(column: unknown): Promise<unknown> {
    return this.sum(column)
  }

  asyncAverage(column: unknown): Promise<unknown> {
    return this.average(column)
  }

  asyncMinimum(column: unknown): Promise<unknown> {
    return this.minimum(column)
  }

  asyncMaximum(column: unknown): Promise<unknown> {
    return this.maximum(column)
  }

  asyncPluck(...columns: readonly unknown[]): Promise<unknown[]> {
    return this.pluck(...columns)
  }

  asyncPick(...columns: readonly unknown[]): Promise<unknown> {
    return this.pick(...columns)
  }

  asyncIds(): Promise<unknown[]> {
    return this.ids()
  }
}
