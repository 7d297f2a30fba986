import { RawNode } from 'kysely'
import { allOf, anyOf, compare, keyOf, never, type Place } from './comparison.ts'
import type { Clause } from './clause.ts'

/** That several columns have the values of one of some rows. Rows that differ in one column alone become a list of its values:
 * `shop_id = 1 and order_id in (2, 3)`.
 */
export function isOneOfRows(places: readonly Place[], rows: readonly (readonly unknown[])[]): Clause {
  if (rows.length === 0) return never
  const listed = mostDistinct(places.length, rows)
  const others = places.filter((_, place) => place !== listed)
  const groups = new Map<string, { values: readonly unknown[]; list: unknown[] }>()
  for (const row of rows) {
    const values = row.filter((_, place) => place !== listed)
    const key = values.map(textOf).join('\0')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { values, list: [row[listed]] })
    else group.list.push(row[listed])
  }
  return anyOf(
    [...groups.values()].map(({ values, list }) =>
      allOf([...others.map((place, each) => compare(place, values[each])), compare(places[listed]!, list.length === 1 ? list[0] : list)]),
    ),
  )
}

/** That several columns have the values of one of the rows that a subquery finds: `(shop_id, order_id) in (select …)`. */
export function isOneFoundBy(places: readonly Place[], subquery: Clause): Clause {
  const separators = places.map((_, place) => (place === 0 ? '(' : ', '))
  return {
    key: `(${places.map(keyOf).join()}) in(${subquery.key})`,
    binds: subquery.binds,
    build: (names) => {
      const columns = places.map(({ path, table, column }) => names.column(path, table, column.column))
      return RawNode.create([...separators, ') in ', ''], [...columns, subquery.build(names)])
    },
  }
}

/** The column with the most values. */
function mostDistinct(width: number, rows: readonly (readonly unknown[])[]): number {
  const counts = Array.from({ length: width }, (_, place) => new Set(rows.map((row) => textOf(row[place]))).size)
  return counts.indexOf(Math.max(...counts))
}

function textOf(value: unknown): string {
  return value instanceof Date ? String(value.getTime()) : `${typeof value} ${String(value)}`
}
