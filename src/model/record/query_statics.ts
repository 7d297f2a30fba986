import { RecordNotFound } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import type { ResultSet } from '../database.ts'
import type { Relation } from '../relation/relation.ts'
import { connectionFor } from '../transactions/connection.ts'
import { recordOfRow } from './hydration.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { SerializedRecord } from './serialized_record.ts'

/** The class methods that query: those of relations, on all records of the class. */
export class QueryStatics extends SerializedRecord {
  /** All records, within the default scopes. */
  static all(): Relation {
    const info = infoOf(this as unknown as ModelClass)
    return info.relation(info.baseClauses)
  }

  /** All records, without default scopes. */
  static unscoped(): Relation {
    const info = infoOf(this as unknown as ModelClass)
    return info.relation(info.unscopedClauses)
  }

  /** The names of the table's columns, in their order: Rails' `column_names`. */
  static get columnNames(): string[] {
    return infoOf(this as unknown as ModelClass).schema.columns.map((column) => column.name)
  }

  /** The record with a key. The text of the query is made once a class, the row becomes the record.
   * @throws RecordNotFound when it isn't there
   */
  static find(id: unknown, ...more: readonly unknown[]): Promise<ModelRecord | ModelRecord[]> {
    const model = this as unknown as ModelClass
    const info = infoOf(model)
    const { findSql } = info
    const { key, binding } = info.schema
    if (findSql === undefined || more.length > 0 || typeof id === 'object' || id === undefined) return model.all().find(id, ...more)
    try {
      const value = key!.type.serialize(key!.type.cast(id))
      const pending = connectionFor(binding).query(findSql, [value, 1])
      if (pending instanceof Promise) return pending.then((result) => found(model, id, result))
      return Promise.resolve(found(model, id, pending as ResultSet))
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

function found(model: ModelClass, id: unknown, result: ResultSet): ModelRecord {
  const row = result.rows[0]
  const info = infoOf(model)
  if (row !== undefined) return recordOfRow(info, row)
  const key = info.schema.key!.name
  throw new RecordNotFound({ model: model.name, condition: `'${key}'=${String(id)}`, id, primaryKey: key })
}

/** The methods of relations that classes have too. */
const delegated = [
  'where',
  'not',
  'rewhere',
  'or',
  'and',
  'merge',
  'order',
  'reorder',
  'reverseOrder',
  'limit',
  'offset',
  'select',
  'reselect',
  'distinct',
  'joins',
  'leftJoins',
  'leftOuterJoins',
  'includes',
  'preload',
  'eagerLoad',
  'group',
  'having',
  'none',
  'lock',
  'unscope',
  'excluding',
  'createWith',
  'extending',
  'findBy',
  'findByOrThrow',
  'take',
  'takeOrThrow',
  'first',
  'firstOrThrow',
  'last',
  'lastOrThrow',
  'second',
  'sole',
  'findSoleBy',
  'exists',
  'isAny',
  'any',
  'isNone',
  'isEmpty',
  'many',
  'one',
  'count',
  'sum',
  'average',
  'minimum',
  'maximum',
  'calculate',
  'pluck',
  'pick',
  'ids',
  'findEach',
  'findInBatches',
  'inBatches',
  'updateAll',
  'updateCounters',
  'touchAll',
  'deleteAll',
  'deleteBy',
  'destroyAll',
  'destroyBy',
  'create',
  'createOrThrow',
  'build',
  'findOrInitializeBy',
  'findOrCreateBy',
  'findOrCreateByOrThrow',
  'toSql',
] as const

/** What {@link delegated} adds to the class. */
export type Delegated = Pick<Relation, (typeof delegated)[number]>

for (const name of delegated) {
  Object.defineProperty(QueryStatics, name, {
    configurable: true,
    writable: true,
    value: function (this: ModelClass, ...args: unknown[]) {
      const relation = this.all()
      return (relation[name] as (...args: unknown[]) => unknown).apply(relation, args)
    },
  })
}
