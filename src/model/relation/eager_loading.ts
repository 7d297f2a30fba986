import type { Reflection } from '../associations/reflection.ts'
import { setLoaded } from '../associations/state.ts'
import type { SqlValue } from '../database.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { recordOfRow } from '../record/hydration.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { compare } from '../sql/comparison.ts'
import { isOneOfRows } from '../sql/key_rows.ts'
import { columnSelection, type Selection } from '../sql/selection.ts'
import type { Clauses, IncludeTree } from './clauses.ts'

type Row = readonly SqlValue[]

/** Runs a query of some expressions and gives its rows. */
export type ReadRows = (selections: readonly Selection[], clauses: Clauses) => Promise<readonly Row[]>

/** One joined association: where its columns begin in a row, and the records that were made of them. */
interface Branch {
  readonly reflection: Reflection
  readonly info: ModelInfo
  readonly path: string
  readonly parent: Branch | undefined
  readonly start: number
  readonly byKey: Map<string, ModelRecord>
  /** The record that this row has here; the base record for no branch. */
  current: ModelRecord | null
  readonly children: Map<ModelRecord, Set<ModelRecord>>
}

/** Reads the rows of a relation together with those of its joined associations, and makes one record of each that comes several times. */
export async function readJoined(info: ModelInfo, clauses: Clauses, read: ReadRows): Promise<ModelRecord[]> {
  const own = info.schema.columns
  const branches = branchesOf(info, clauses.includes, own.length)
  const limited = await withoutLimit(info, clauses, read)
  if (limited === undefined) return []
  const selections = [...own.map((column) => columnSelection(info, column)), ...branches.flatMap(selectionsOf)]
  const rows = await read(selections, limited)
  const base = new Map<string, ModelRecord>()
  for (const row of rows) {
    const record = recordAt(info, row, 0, base)!
    for (const branch of branches) readBranch(branch, row, record)
  }
  for (const branch of branches) {
    for (const [owner, found] of branch.children) setLoaded(owner, branch.reflection, [...found])
  }
  return [...base.values()]
}

function branchesOf(info: ModelInfo, tree: IncludeTree, start: number, parent?: Branch): Branch[] {
  const branches: Branch[] = []
  let next = start
  for (const [name, nested] of tree) {
    const reflection = info.reflection(name)
    if (reflection.isPolymorphic) continue
    const target = infoOf(reflection.target)
    const path = parent === undefined ? name : `${parent.path}.${name}`
    const branch: Branch = { reflection, info: target, path, parent, start: next, byKey: new Map(), current: null, children: new Map() }
    branches.push(branch)
    next += target.schema.columns.length
    const below = branchesOf(target, nested, next, branch)
    branches.push(...below)
    for (const each of below) next += each.info.schema.columns.length
  }
  return branches
}

function selectionsOf({ info, path }: Branch): Selection[] {
  const { table, columns } = info.schema
  return columns.map((column) => ({
    key: `${path}.${column.column}`,
    binds: [],
    build: (names) => names.column(path, table, column.column),
    column,
  }))
}

function readBranch(branch: Branch, row: Row, base: ModelRecord): void {
  const owner = branch.parent === undefined ? base : branch.parent.current
  branch.current = null
  if (owner === null) return
  let children = branch.children.get(owner)
  if (children === undefined) {
    children = new Set()
    branch.children.set(owner, children)
  }
  const record = recordAt(branch.info, row, branch.start, branch.byKey)
  if (record === undefined) return
  branch.current = record
  if (branch.reflection.isCollection || children.size === 0) children.add(record)
}

function recordAt(info: ModelInfo, row: Row, start: number, byKey: Map<string, ModelRecord>): ModelRecord | undefined {
  const { primaryKey, columns } = info.schema
  const keys = primaryKey.map((column) => row[start + column.position])
  if (keys.some((key) => key === null || key === undefined)) return undefined
  const key = keys.join('\0')
  let record = byKey.get(key)
  if (record === undefined) {
    record = recordOfRow(info, row.slice(start, start + columns.length))
    byKey.set(key, record)
  }
  return record
}

function leadsToMany(info: ModelInfo, tree: IncludeTree): boolean {
  return [...tree].some(([name, nested]) => {
    const reflection = info.reflection(name)
    return !reflection.isPolymorphic && (reflection.isCollection || leadsToMany(infoOf(reflection.target), nested))
  })
}

/** A limit counts records, not the rows that collections multiply: their keys are asked for first. Undefined when there are none. */
export async function withoutLimit(info: ModelInfo, clauses: Clauses, read: ReadRows): Promise<Clauses | undefined> {
  const isLimited = clauses.limit !== null || clauses.offset !== null
  if (!isLimited || !leadsToMany(info, clauses.includes)) return clauses
  const { primaryKey, table } = info.schema
  // What is sorted by must be selected with distinct, and may be SQL: the order's own text, without its direction.
  const orders = clauses.orders.map((order) => order.selection).filter((selection) => selection !== undefined)
  const rows = await read([...primaryKey.map((column) => columnSelection(info, column)), ...orders], clauses.with({ distinct: true }))
  if (rows.length === 0) return undefined
  const places = primaryKey.map((column) => ({ path: '', table, column }))
  const isOneOf =
    places.length === 1
      ? compare(
          places[0]!,
          rows.map((row) => row[0]),
        )
      : isOneOfRows(
          places,
          rows.map((row) => row.slice(0, places.length)),
        )
  return clauses.with({ limit: null, offset: null }).and([isOneOf])
}
