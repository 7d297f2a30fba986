import { infoOfRecord, isRecord, readAttribute } from '../../record/attribute_access.ts'
import { originalOf } from '../../record/changes.ts'
import type { ModelClass, ModelRecord } from '../../record/model_record.ts'
import type { Relation } from '../../relation/relation.ts'
import { RawNode } from 'kysely'
import { compare } from '../../sql/comparison.ts'
import type { Clause } from '../../sql/clause.ts'
import { list } from '../../callbacks/guard.ts'
import { infoOf, type ModelInfo } from '../../model_info.ts'
import { isAbstract } from '../../binding.ts'
import { baseOf, mainClassOf } from '../../model_factory.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** No other row has the value; with `scope`, none with the same values in those columns too. */
export const uniqueness: ValidatorFactory = (options, info, declaredBy) => {
  const scope = list(options['scope'] as string | readonly string[] | undefined)
  return async (record, attribute, value) => {
    const owner = info.reflections.get(attribute)?.kind === 'belongsTo' ? info.reflections.get(attribute)!.ownerKey : attribute
    if (!isNeeded(record, [owner, ...scope.flatMap((name) => columnNames(info, name))], options)) return
    // One that a class below declares is about the rows of that class.
    const table = infoOf(isBelow(declaredBy) ? declaredBy : mainClassOf(info.model))
    let rows: Relation = table.relation(table.unscopedClauses.and([sameValue(table, owner, value, options['caseSensitive'] === false)]))
    for (const column of scope.flatMap((name) => columnNames(info, name))) {
      rows = rows.where({ [column]: readAttribute(record, column) })
    }
    const { conditions } = options
    if (typeof conditions === 'function') rows = rows.merge(conditions.call(rows.unscoped(), rows.unscoped(), record))
    if (record.isPersisted()) {
      const keys = info.schema.primaryKey.map((key) => [key.name, originalOf(record, key)])
      rows = rows.not(Object.fromEntries(keys))
    }
    if (await rows.exists())
      record.errors.add(attribute, 'taken', errorOptions(options, { value: isRecord(value) ? readAttribute(value, 'id') : value }))
  }
}

function isBelow(model: ModelClass): boolean {
  return !isAbstract(model) && baseOf(model) !== undefined && mainClassOf(model) !== model
}

function columnNames(info: ModelInfo, name: string): readonly string[] {
  const reflection = info.reflections.get(name)
  return reflection?.kind === 'belongsTo' ? reflection.ownerKeys : [name]
}

/** A saved record whose values didn't change and are guarded by a unique index needs no query. */
function isNeeded(record: ModelRecord, names: readonly string[], options: Readonly<Record<string, unknown>>): boolean {
  if (!record.isPersisted() || options['conditions'] !== undefined || options['caseSensitive'] === false) return true
  if (names.some((name) => record.attributeChanged(name))) return true
  const { metadata } = infoOfRecord(record).schema
  const single = names.length === 1 && metadata.fields.some((field) => field.name === names[0] && (field.unique || field.id))
  return !single && !metadata.uniques.some((unique) => unique.length === names.length && unique.every((name) => names.includes(name)))
}

function sameValue(info: ModelInfo, attribute: string, value: unknown, ignoresCase: boolean): Clause {
  const column = info.schema.byName.get(attribute)!
  const place = { path: '', table: info.schema.table, column }
  const plain = isRecord(value) ? readAttribute(value, 'id') : value
  if (!ignoresCase || typeof plain !== 'string') return compare(place, plain)
  return {
    key: `lower ${info.schema.table}.${column.column}`,
    binds: [column.type.serialize(plain)],
    build: (names) => RawNode.create(['lower(', ') = lower(', ')'], [names.column('', info.schema.table, column.column), names.bind()]),
  }
}
