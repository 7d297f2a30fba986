import { camelize, ourWord, upcaseFirst } from '../../../../src/naming/index.ts'
import { sql } from '../../../../src/model/index.ts'
import { SqlFragment } from '../../../../src/model/sql/fragment.ts'
import { ModelRecord } from '../../../../src/model/record/model_record.ts'
import type { Block } from './evaluator.ts'
import { ruby } from './ruby_values.ts'
import { Connection } from '../../../../src/model/connection.ts'
import { Batches, Walk } from '../../../../src/model/relation/batch_enumerator.ts'
import { Preloader } from '../../../../src/model/relation/preload_records.ts'
import { RelationBase } from '../../../../src/model/relation/relation_base.ts'

import type { AnyModel } from './models.ts'

type Members = Record<string, unknown>
type Method = (...args: unknown[]) => unknown

/** `where` without arguments: what `not`, `missing` and `associated` are said on. */
class WhereChain {
  readonly relation: unknown
  constructor(relation: unknown) {
    this.relation = relation
  }
}

/** Ruby's `Module`, of which only empty ones are made here: objects of methods for `extending`. */
export const RubyModule = { name: 'Module' }

/** Whether a value is a relation or a collection. */
export function isRelation(value: unknown): value is RelationBase {
  return value instanceof RelationBase
}

/** Whether a value is a record. */
export function isRecord(value: unknown): value is ModelRecord {
  return value instanceof ModelRecord
}

/** Whether a value is a class of records. */
export function isModel(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof ModelRecord
}

// What Ruby has on every object or array, and its relations take from there.
const rubyOnly = new Set(['map', 'sort', 'class', '==', '!=', 'eql?', 'hash', 'nil?', '[]', 'to_json', 'frozen?', 'clone', 'then'])
const onlyOfRecords = new Set(['[]', 'to_json', '==', 'eql?', 'hash', 'frozen?', 'clone'])

/** Whether the call goes to a model, a relation or a record, rather than to a plain Ruby value. */
export function isActiveRecordCall(receiver: unknown, method: string): boolean {
  if (receiver instanceof WhereChain) return method !== 'class'
  if (receiver instanceof Connection || receiver instanceof Batches || receiver instanceof Walk || receiver instanceof Preloader)
    return true
  if (receiver === Preloader || receiver === RubyModule || receiver instanceof SqlFragment) return true
  if (isRecord(receiver)) return !rubyOnly.has(method) || (onlyOfRecords.has(method) && recordWords.has(method))
  return (isRelation(receiver) || isModel(receiver)) && !(rubyOnly.has(method) || method === 'name')
}

function setByName(record: ModelRecord, [name, value]: readonly unknown[]): unknown {
  record.assign({ [name as string]: value })
  return value
}

const recordWords = new Map<string, (record: ModelRecord, args: readonly unknown[]) => unknown>([
  ['[]', (record, [name]) => record.readAttribute(name as string)],
  ['[]=', setByName],
  ['model_name', (record) => (record.constructor as typeof ModelRecord).modelName],
  ['==', (record, [other]) => record.equals(other)],
  ['eql?', (record, [other]) => record.equals(other)],
])

/** Ruby's methods that are named otherwise here, beyond the rules of names. */
const words: Readonly<Record<string, string>> = {
  '<<': 'push',
  without: 'excluding',
  member: 'include',
  'include?': 'include',
  left_outer_joins: 'leftOuterJoins',
  'any?': 'any',
  'none?': 'isNone',
  'many?': 'many',
  'one?': 'one',
  'exists?': 'exists',
  'attribute_changed?': 'attributeChanged',
  'will_save_change_to_attribute?': 'willSaveChangeToAttribute',
  'saved_change_to_attribute?': 'isSavedChangeTo',
  'saved_changes?': 'hasSavedChanges',
  'has_changes_to_save?': 'hasChangesToSave',
  'strict_loading!': 'strictLoading',
  'toggle!': 'toggleOrThrow',
  'table_exists?': 'tableExists',
  exec_query: 'selectAll',
  async_count: 'count',
  length: 'size',
  'attribute_present?': 'attributePresent',
}

/** What Ruby's relations do with a block on the records that they load. */
const ofRecords = new Set(['select', 'find'])

/** Methods that take their work first and options behind it. */
const batchMethods = new Set(['find_each', 'find_in_batches', 'in_batches', 'with_lock', 'unscoped', 'scoping'])

/** Options that are words of the method rather than attributes: spelled as methods are. */
const optionTakers = new Set(
  `find_each find_in_batches in_batches insert insert! insert_all insert_all! upsert upsert_all in_order_of strict_loading! attribute_changed? touch_all`.split(
    ' ',
  ),
)

/** Arguments that a porter writes as SQL by hand, unless they name a column. */
const takeSql = new Set(['select', 'reselect', 'group', 'joins', 'left_joins', 'from', 'sum'])

/** Methods that take SQL with its values: an array of both in Ruby. */
const takeSqlWithValues = new Set(['where', 'not', 'exists?', 'update_all', 'find_by_sql'])

/** Methods of an attribute: what Ruby writes into the name is an argument here. */
const attributeMethods: readonly (readonly [RegExp, string])[] = [
  [/^will_save_change_to_(\w+)\?$/, 'willSaveChangeTo'],
  [/^saved_change_to_(\w+)\?$/, 'isSavedChangeTo'],
  [/^saved_change_to_(\w+)$/, 'savedChangeTo'],
  [/^(\w+)_previously_changed\?$/, 'isSavedChangeTo'],
  [/^(\w+)_(?:previously_was|before_last_save)$/, 'attributeBeforeLastSave'],
  [/^(\w+)_in_database$/, 'attributeInDatabase'],
  [/^(\w+)_before_type_cast$/, 'attributeBeforeTypeCast'],
  [/^(\w+)_change_to_be_saved$/, 'attributeChangeToBeSaved'],
  [/^(\w+)_will_change!$/, 'attributeWillChange'],
  [/^restore_(\w+)!$/, 'restoreAttribute'],
  [/^(\w+)_changed\?$/, 'attributeChanged'],
  [/^(\w+)_change$/, 'attributeChange'],
  [/^(\w+)_was$/, 'attributeWas'],
]

/** Calls the method of a model, relation or record that has the name of Ruby's here. */
export function memberCall(receiver: unknown, method: string, given: readonly unknown[], block?: unknown): unknown {
  const args = block === undefined ? given : batchMethods.has(method) ? [block, ...given] : [...given, block]
  if (receiver instanceof WhereChain) return call(receiver.relation, method, args)
  if (method === 'load') return (receiver as { load(): Promise<void> }).load().then(() => ({ boxed: receiver }))
  if (receiver === RubyModule) return {}
  if (method === 'new' && typeof receiver === 'function') return new (receiver as AnyModel)(args[0] as object)
  if (block !== undefined && ofRecords.has(method)) return ruby(receiver, method, given, block as Block)
  if (method === 'where' && args.length === 0) return new WhereChain(receiver)
  if (isRecord(receiver)) return recordCall(receiver, method, args)
  if (method === 'update_counters') return updateCounters(receiver, args)
  if (method === 'increment_counter' || method === 'decrement_counter') return call(receiver, method, args)
  const dynamic = /^find_by_(?!sql$)(\w+)(!?)$/.exec(method)
  if (dynamic !== null) return call(receiver, `find_by${dynamic[2]}`, [{ [dynamic[1]!]: args[0] }])
  return call(receiver, method, args)
}

/** `Post.update_counters(ids, …)` is a relation's method here. */
function updateCounters(model: unknown, [ids, counters]: readonly unknown[]): unknown {
  return call(call(model, 'where', [{ id: ids }]), 'update_counters', [counters])
}

function recordCall(record: ModelRecord, method: string, args: readonly unknown[]): unknown {
  const special = recordWords.get(method)
  if (special !== undefined) return special(record, args)
  const members = record as unknown as Members
  if (method === 'assign_attributes') return void record.assign(args[0] as object)
  if (method.endsWith('=')) return assign(members, method.slice(0, -1), args[0])
  const reload = /^reload_(\w+)$/.exec(method)
  if (reload !== null) return (members[reload[1]!] as { reload(): unknown }).reload()
  if (method in members && typeof members[method] !== 'function') return members[method]
  for (const [pattern, name] of attributeMethods) {
    const attribute = pattern.exec(method)?.[1]
    if (attribute !== undefined && record.hasAttribute(attribute)) return named(record, method, name, [attribute, ...args])
  }
  const query = /^(\w+)\?$/.exec(method)?.[1]
  if (query !== undefined && record.hasAttribute(query)) return call(record, 'query_attribute', [query])
  const ids = /^(\w+)_ids$/.exec(method)?.[1]
  if (ids !== undefined) return (members[`${ids}s`] as { ids(): unknown }).ids()
  const maker = /^(create|build)_(\w+?)(!?)$/.exec(method)
  if (maker !== null)
    return call(record, `${maker[1]}${upcaseFirst(camelize(maker[2]!, 'lower'))}${maker[3] === '!' ? 'OrThrow' : ''}`, args)
  return call(record, method, args)
}

function named(record: ModelRecord, method: string, name: string, args: readonly unknown[]): unknown {
  return truthOf(record, method, ((record as unknown as Members)[name] as Method).apply(record, [...args]))
}

function assign(members: Members, name: string, value: unknown): unknown {
  if (name === 'attributes') {
    ;(members['assign'] as Method).call(members, value as object)
    return value
  }
  const ids = /^(\w+)_ids$/.exec(name)?.[1]
  if (ids !== undefined) return (members[`${ids}s`] as { replaceIds(ids: unknown): Promise<unknown> }).replaceIds(value).then(() => value)
  const current = members[name]
  if (isRelation(current)) return replace(current, value)
  members[name] = value
  return value
}

async function replace(collection: RelationBase, value: unknown): Promise<unknown> {
  const records = isRelation(value) ? await value : value
  await (collection as unknown as { replace(records: unknown): Promise<unknown> }).replace(records)
  return records
}

function call(receiver: unknown, method: string, args: readonly unknown[]): unknown {
  const name = words[method] ?? ourWord(method)
  const member = (receiver as Members)[name]
  const values = args.flatMap((arg) => argument(method, arg))
  if (typeof member === 'function') return truthOf(receiver, method, (member as Method).apply(receiver, values))
  if (args.length === 0 && name in (receiver as object)) return member
  throw new TypeError(`${method} (${name}) isn't there`)
}

function argument(method: string, arg: unknown): unknown[] {
  if (takeSql.has(method) && typeof arg === 'string' && !/^[\w.]+$/.test(arg)) return [sql(arg)]
  if (takeSqlWithValues.has(method) && Array.isArray(arg) && typeof arg[0] === 'string') return [sql(arg[0], ...arg.slice(1))]
  if (!optionTakers.has(method) || typeof arg !== 'object' || arg === null || Object.getPrototypeOf(arg) !== Object.prototype) return [arg]
  return [Object.fromEntries(Object.entries(arg).map(([key, value]) => [camelize(key, 'lower'), value]))]
}

/** What gives the record in Ruby too. */
const givesRecord = new Set(['lock!', 'increment!', 'decrement!'])

/** What answers true in Ruby and gives the record back here: `save!`, `update!`, `published!`. */
function truthOf(receiver: unknown, method: string, result: unknown): unknown {
  if (!isRecord(receiver) || !method.endsWith('!') || givesRecord.has(method)) return result
  if (method.endsWith('_will_change!') && result === undefined) return (receiver as unknown as Members)[method.slice(0, -13)]
  const truth = (value: unknown): unknown => (value === receiver ? true : value)
  return result instanceof Promise ? result.then(truth) : truth(result)
}
