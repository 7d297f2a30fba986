import type { ValueMethods } from './value_methods.ts'
import { arrayOf, number } from '../value_types.ts'

/** What a statement answered that inserted many rows. */
export const rowMethods: ValueMethods = {
  rows: ({ receiver }) => ({ code: `${receiver.code}.rows`, type: arrayOf(arrayOf()) }),
  length: ({ receiver }) => ({ code: `${receiver.code}.rows.length`, type: number }),
  count: ({ receiver }) => ({ code: `${receiver.code}.rows.length`, type: number }),
  size: ({ receiver }) => ({ code: `${receiver.code}.rows.length`, type: number }),
  pluck: ({ receiver, args }) =>
    args().length === 1
      ? {
          code: `((result) => result.rows.map((row) => row[result.columns.indexOf(${args()[0]!.code})]))(${receiver.code})`,
          type: arrayOf(),
        }
      : undefined,
}
