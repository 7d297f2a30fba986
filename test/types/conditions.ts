import { range } from '../../src/model/index.ts'
import type { Condition } from '../../src/model/types/conditions.ts'

/** A column of 64 bits is compared with numbers as well. */
export const ofNumbers: Condition<bigint>[] = [1, 1n, [1, 2n, null], range(1, 5), range(1n, null), { gt: 1 }, null]

// @ts-expect-error a text is no number
export const ofTexts: Condition<bigint> = '1'

// @ts-expect-error a column of 32 bits is compared with no bigint
export const ofSmallColumns: Condition<number> = 1n
