import type { SqlValue } from '../../../src/model/index.ts'
import { isWide } from './driver.ts'

/** Turns bigints back into numbers, in place, except in columns declared to hold 64 bits and where a number would lose digits. */
export function narrowRows(rows: SqlValue[][], declaredTypes: readonly (string | null)[]): SqlValue[][] {
  for (let column = 0; column < declaredTypes.length; column++) {
    if (isWide(declaredTypes[column]!)) continue
    for (const row of rows) {
      const value = row[column]
      if (typeof value === 'bigint') row[column] = narrow(value)
    }
  }
  return rows
}

/** The number, or the bigint itself when it is too large for one. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
