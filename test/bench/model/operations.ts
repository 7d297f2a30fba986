import type { Dialect } from './dataset.ts'

/** What is compared. */
export const OPERATIONS = [
  'find by id',
  'list 100',
  'include 20 × 5',
  'update',
  'create',
  'transaction of 10',
  '10,000 query shapes',
] as const
export type Operation = (typeof OPERATIONS)[number]

/** How many distinct queries '10,000 query shapes' runs before its memory is looked at. */
export const SHAPES = 10_000

/** The same operations, done by one contender. `turn` counts up, so that each does another row.
 *
 * - find by id: one article
 * - list 100: a hundred articles in the order of their ids
 * - include 20 × 5: twenty articles and the five comments of each
 * - update: reads an article, gives it another title and writes it
 * - create: one article, whose id is known afterwards
 * - transaction of 10: ten articles created in one transaction
 * - 10,000 query shapes: one article, by a query as nobody asked it before
 */
export type Operations = Readonly<Record<Operation, (turn: number) => unknown>>

/** A filled database. SQLite: a file of each contender's own. */
export interface Ground {
  readonly dialect: Dialect
  /** The folder of an application, with `db/schema.prisma` and its metadata. */
  readonly root: string
  readonly url: string
  /** The file of a SQLite database. */
  readonly file: string
}

/** Prepares a contender on a database; it may answer why it can't run. */
export type Prepare = (ground: Ground) => Promise<Operations | string>
