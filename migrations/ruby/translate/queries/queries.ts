import { ourWord } from '../../../../src/naming/words.ts'
import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type RubyNode } from '../../nodes.ts'
import { camelize } from '../../../../src/naming/index.ts'
import { expression, hashCode, value } from '../expressions/expressions.ts'
import { type Frame, selectsGroups } from '../frame.ts'
import { filledRecord, fillsIn } from './filled_records.ts'
import { blockFunction } from '../calls/functions.ts'
import { mapOf } from '../methods/map_methods.ts'
import { conditionsCode, keyOfBound, sqlArgument } from './query_arguments.ts'
import { isMaker, isUnknownAttribute, trees, unknownAssociation } from '../classes/unknown_members.ts'
import { columnAsked, isBoundSql, pluckedType, withArguments } from './query_values.ts'
import { Untranslated } from '../untranslated.ts'
import { isOfLists } from '../methods/value_methods.ts'
import {
  arrayOf,
  boolean,
  type Expression,
  isLazy,
  number,
  present,
  recordOf,
  relationOf,
  text,
  unknown,
  type ValueType,
} from '../value_types.ts'

const chains = new Set(
  `all where rewhere or and merge order reorder reverse_order limit offset select reselect distinct group having joins left_joins left_outer_joins
  includes preload eager_load references readonly lock none unscoped unscope from annotate with excluding without in_order_of only except create_with
  strict_loading invert_where`.split(/\s+/),
)
const records = new Set(
  'find find_by find_by! first first! last last! take take! sole second third find_sole_by find_or_create_by find_or_create_by! create_or_find_by create_or_find_by! create create!'.split(
    ' ',
  ),
)
/** What answers nil where there is no record. */
const maybe = new Set('find_by first last take second third'.split(' '))
const booleans = new Set('exists? any? none? many? one? empty? include?'.split(' '))
const numbers = new Set('count sum average size length update_all delete_all touch_all update_counters'.split(' '))
const others = new Set(
  'minimum maximum pluck pick ids destroy_all delete_by destroy_by insert insert! insert_all insert_all! upsert upsert_all find_or_initialize_by find_each find_in_batches in_batches explain to_sql find_by_sql increment_counter decrement_counter reset_counters'.split(
    ' ',
  ),
)
/** What only relations answer, so that an unknown receiver must be one. */
const telling = new Set(
  'where rewhere joins left_joins left_outer_joins includes preload eager_load find_by find_by! order pluck find_or_create_by find_or_create_by! find_or_initialize_by find_each update_all exists? distinct destroy_all delete_all'.split(
    ' ',
  ),
)
const withSql = new Set(
  'order reorder joins left_joins left_outer_joins select reselect group pluck pick sum average minimum maximum'.split(' '),
)
const withConditions = new Set(
  'where rewhere not find_by find_by! exists? find_or_create_by find_or_create_by! find_or_initialize_by create create! build new create_with find_sole_by delete_by destroy_by create_or_find_by create_or_find_by! update_all insert insert! upsert'.split(
    ' ',
  ),
)
const withoutLists = new Set(
  'create create! build new insert insert! upsert find_or_create_by find_or_create_by! find_or_initialize_by create_with'.split(' '),
)
/** What takes options beside its rows. */
const bulk = new Set('insert insert! insert_all insert_all! upsert upsert_all'.split(' '))
const loadedByBlock = new Set('select find any? none? one? many? all? count sum first min_by find_all'.split(' '))

/** A call on a class of records, a relation or a collection that the model layer answers; undefined for any other. */
export function queryCall(call: CallNode, receiver: Expression, frame: Frame): Expression | undefined {
  const found = queried(call, receiver, frame)
  return found && receiver.type.isLoose ? { ...found, type: { ...found.type, isLoose: true } } : found
}

function queried(call: CallNode, receiver: Expression, frame: Frame): Expression | undefined {
  const { kind, model } = receiver.type
  const isModel = model !== undefined && frame.application.isModel(model)
  const isConcern = kind === 'class' && model !== undefined && frame.application.classes.get(model)?.isConcern
  const isQuery = kind === 'relation' || kind === 'collection' || (kind === 'class' && (isModel || isConcern))
  if (kind === 'record' && isModel && call.name === 'transaction') return transaction(call, classOf(receiver, frame), frame)
  if (kind === 'record' && isModel && call.name === 'with_lock' && !call.arguments_) return locked(call, receiver, frame)
  if (isChainedToList(call, receiver.type)) throw new Untranslated(call, 'a query that goes on from records that had to be waited for')
  if (!isQuery && !(kind === 'unknown' && call.receiver && telling.has(call.name))) return undefined
  if (isQuery && model !== undefined && frame.application.methodOf(model, call.name, true)) return undefined
  const dot = call.isSafeNavigation() ? '?.' : '.'
  if (fillsIn(call) && call.name !== 'new' && model !== undefined)
    return filledRecord(call, receiver, queryArguments(call, model, frame), frame)
  const special = specialQuery(call, receiver, frame, dot)
  if (special) return special
  if (loadedByBlock.has(call.name) && call.block && call.name !== 'transaction') return undefined
  const type = resultOf(call, receiver.type, frame)
  if (!type) return undefined
  if (call.name === 'where' && isNothing(call))
    return { code: receiver.type.kind === 'class' ? `${receiver.code}.all()` : receiver.code, type }
  const base = pastGroups(call.name, receiver.pending ? frame.value(receiver) : receiver)
  const code = `${base.code}${dot}${queryName(call.name)}(${queryArguments(call, model, frame).join(', ')})`
  const isChain = type.kind === 'relation'
  return { code, type, ...(isChain || call.name === 'to_sql' ? {} : { pending: true }) }
}

/** Whether a query goes on where there is a list by now: what answers a query and waits for something answers its records. */
function isChainedToList({ name, block }: CallNode, { kind, element, isLoose }: ValueType): boolean {
  return kind === 'array' && element?.kind === 'record' && !isLoose && !block && chains.has(name) && !isOfLists(name)
}

/** What a query of groups answers: the rest is asked of it past the types. */
const ofGroups = new Set(
  'where not joins left_joins distinct reorder offset pluck having order limit count sum average minimum maximum select regroup'.split(' '),
)

function pastGroups(name: string, receiver: Expression): Expression {
  if (!receiver.type.isGrouped || / as Untyped\)/.test(receiver.code)) return receiver
  const isKnown = ofGroups.has(name) && !selectsGroups(receiver.code)
  return isKnown ? receiver : { ...receiver, code: `(${receiver.code} as Untyped)` }
}

function queryName(name: string): string {
  const names: Record<string, string> = {
    'exists?': 'exists',
    'any?': 'any',
    'many?': 'many',
    'one?': 'one',
    'include?': 'include',
    length: 'size',
  }
  return names[name] ?? ourWord(name)
}

function resultOf(call: CallNode, receiver: ValueType, frame: Frame): ValueType | undefined {
  const { name } = call
  const count = argumentsOf(call).positional.length
  if (chains.has(name))
    return name === 'group' || receiver.isGrouped ? { ...relationOf(receiver.model), isGrouped: true } : relationOf(receiver.model)
  if (maybe.has(name) && !(count > 0 && /^(first|last|take)$/.test(name)) && receiver.model !== undefined)
    return { ...recordOf(receiver.model), isNullable: true }
  if (records.has(name)) return count > 0 && /^(first|last|take)$/.test(name) ? arrayOf(recordOf(receiver.model)) : recordOf(receiver.model)
  if (booleans.has(name)) return boolean
  if (receiver.isGrouped && /^(count|sum|average|minimum|maximum|size|length)$/.test(name))
    return mapOf(/^m/.test(name) ? unknown : name === 'average' ? { ...number, isNullable: true } : number)
  if (numbers.has(name)) return number
  if (name === 'pluck') return pluckedType(call, receiver, frame)
  if (name === 'ids' || name === 'destroy_all') return arrayOf()
  if (/^(insert|upsert)/.test(name)) return { kind: 'rows' }
  if (name === 'find_or_initialize_by') return recordOf(receiver.model)
  if (name === 'to_sql') return text
  if (name === 'minimum' || name === 'maximum' || name === 'pick') return columnAsked(call, receiver, frame)
  return others.has(name) ? unknown : undefined
}

function specialQuery(call: CallNode, receiver: Expression, frame: Frame, dot: string): Expression | undefined {
  const { model } = receiver.type
  const { positional } = argumentsOf(call)
  if (call.name === 'arel_table') throw new Untranslated(call, 'Arel')
  if (
    ['not', 'missing', 'associated'].includes(call.name) &&
    is(call.receiver as RubyNode, 'CallNode') &&
    (call.receiver as CallNode).name === 'where'
  )
    return {
      code: `${receiver.code.replace(/\.where\(\)$/, '')}.${call.name}(${queryArguments(call, model, frame).join(', ')})`,
      type: relationOf(model),
    }
  if (['build', 'new'].includes(call.name) && receiver.type.kind !== 'class') {
    if (call.block) return filledRecord(call, receiver, queryArguments(call, model, frame), frame)
    return { code: `${receiver.code}${dot}build(${queryArguments(call, model, frame).join(', ')})`, type: recordOf(model) }
  }
  if (call.name === '<<' || (receiver.type.kind === 'collection' && ['push', 'concat'].includes(call.name)))
    return {
      code: `${receiver.code}.push(${positional.map((argument) => value(argument, frame).code).join(', ')})`,
      type: receiver.type,
      pending: true,
    }
  if (receiver.type.kind === 'collection' && ['delete', 'destroy', 'clear', 'reload', 'replace'].includes(call.name))
    return {
      code: `${receiver.code}${dot}${call.name}(${positional.map((argument) => value(argument, frame).code).join(', ')})`,
      type: unknown,
      pending: true,
    }
  if (call.name === 'in_order_of' && receiver.type.kind !== 'unknown') return inOrder(call, receiver, frame)
  if (call.name === 'transaction')
    return transaction(call, receiver.type.kind === 'class' ? receiver.code : classOf(receiver, frame), frame)
  if (['find_each', 'find_in_batches', 'in_batches'].includes(call.name)) return batches(call, receiver, frame)
  if (call.name === 'table_name' && receiver.type.kind === 'class') return { code: `${receiver.code}.tableName`, type: text }
  if (call.name === 'sanitize_sql_like' && receiver.type.kind === 'class')
    return { code: `${receiver.code}.sanitizeSqlLike(${positional.map((argument) => value(argument, frame).code).join(', ')})`, type: text }
  if (call.name === 'normalize_value_for')
    return {
      code: `${receiver.code}.normalizeValueFor(${positional.map((argument) => value(argument, frame).code).join(', ')})`,
      type: unknown,
    }
  if (call.name === 'table_exists?' && receiver.type.kind === 'class')
    return { code: `${receiver.code}.tableExists()`, type: boolean, pending: true }
  if (call.name === 'column_names' && receiver.type.kind === 'class') return { code: `${receiver.code}.columnNames`, type: arrayOf(text) }
  if (call.name === 'name' && receiver.type.kind === 'class') return { code: `${receiver.code}.name`, type: text }
  const dynamic = /^find_by_(\w+?)(!?)$/.exec(call.name)
  if (dynamic && dynamic[1] !== 'sql' && receiver.type.kind !== 'unknown') {
    const columns = dynamic[1]!.split('_and_')
    const pairs = columns.map((column, index) => `${column}: ${value(positional[index]!, frame).code}`)
    return {
      code: `${receiver.code}${dot}findBy${dynamic[2] ? 'OrThrow' : ''}({ ${pairs.join(', ')} })`,
      type: recordOf(model),
      pending: true,
    }
  }
  return undefined
}

/** `in_order_of(:state, STATES)`: a list of texts is one of the members of the enum. */
function inOrder(call: CallNode, receiver: Expression, frame: Frame): Expression | undefined {
  const { model } = receiver.type
  const [attribute, list] = argumentsOf(call).positional
  const name = literalText(attribute)
  const column = name === undefined || model === undefined ? undefined : frame.application.columnsOf(model)?.get(name)
  const owner = model === undefined ? undefined : frame.typeName(model)
  if (!(column?.members || column?.isEnum) || !list || is(list, 'ArrayNode') || owner === undefined || argumentsOf(call).pairs.length > 0)
    return undefined
  const code = `${receiver.code}.inOrderOf(${quote(name!)}, ${value(list, frame).code} as ${owner}['${name}'][])`
  return { code, type: relationOf(model) }
}

/** Options go behind the work. */
function transaction(call: CallNode, code: string, frame: Frame): Expression | undefined {
  const block = blockFunction(call, frame)
  if (!block) return undefined
  const work = block.isAsync ? block.code : block.code.replace(/^\(/, 'async (')
  const { pairs } = argumentsOf(call)
  const options = pairs.length > 0 ? [hashCode(pairs, frame, (key) => camelize(key, 'lower'))] : []
  return { code: `${code}.transaction(${[work, ...options].join(', ')})`, type: orRolledBack(block.returns), pending: true }
}

/** What the block of `with_lock` answers. */
function locked(call: CallNode, receiver: Expression, frame: Frame): Expression | undefined {
  const block = blockFunction(call, frame)
  const { code } = present(frame.value(receiver))
  const type = block?.returns.kind === 'unknown' ? { ...block.returns, isNullable: true } : orRolledBack(block?.returns ?? unknown)
  return block && { code: `${code}.withLock(${block.code})`, type, pending: true }
}

/** Work that is rolled back answers nothing. */
function orRolledBack(type: ValueType): ValueType {
  return /^(unknown|null)$/.test(type.kind) || isLazy(type) ? type : { ...type, isNullable: true, isOptional: true }
}

/** The class of a record, to ask it: by its name where that is known, since a subclass shares its table. */
function classOf(receiver: Expression, frame: Frame): string {
  const { model } = receiver.type
  const isClass = model !== undefined && frame.application.classes.get(model)?.kind === 'class'
  return isClass ? frame.className(model)! : `(${receiver.code}.constructor as Untyped)`
}

function batches(call: CallNode, receiver: Expression, frame: Frame): Expression {
  const { pairs } = argumentsOf(call)
  const options = pairs.length > 0 ? [hashCode(pairs, frame, (key) => camelize(key, 'lower'))] : []
  const element =
    call.name === 'find_each'
      ? recordOf(receiver.type.model)
      : call.name === 'in_batches'
        ? relationOf(receiver.type.model)
        : arrayOf(recordOf(receiver.type.model))
  const block = blockFunction(call, frame, [receiver.type.isLoose ? { ...element, isLoose: true } : element])
  if (!block) return { code: `${receiver.code}.${ourWord(call.name)}(${options.join(', ')})`, type: unknown }
  return { code: `${receiver.code}.${ourWord(call.name)}(${[block.code, ...options].join(', ')})`, type: unknown, pending: true }
}

/** `where(nil)` narrows nothing, and `reorder(nil)` orders by nothing. */
function isNothing(call: CallNode): boolean {
  const { positional, pairs } = argumentsOf(call)
  return positional.length === 1 && pairs.length === 0 && is(positional[0], 'NilNode')
}

function isSqlKey(pair: RubyNode): boolean {
  const key = is(pair, 'AssocNode') ? (pair.key as RubyNode) : null
  return is(key, 'CallNode') && key.name === 'sql' && constantPath(key.receiver as RubyNode | null) === 'Arel'
}

/** Whether an order names what the query selects by that name, and no column. */
function isSelectedName(name: string | undefined, call: CallNode, model: string | undefined, frame: Frame): boolean {
  if (name === undefined || model === undefined || !/^\w+$/.test(name) || frame.application.columnsOf(model)?.has(name)) return false
  return Boolean(call.receiver) && new RegExp(`\\bas\\s+["'\`]?${name}\\b`, 'i').test(frame.source.slice(call.receiver as RubyNode))
}

function isSelectedKey(pair: RubyNode, call: CallNode, model: string | undefined, frame: Frame): boolean {
  return is(pair, 'AssocNode') && isSelectedName(literalText(pair.key as RubyNode), call, model, frame)
}

/** `order(date: :asc, Arel.sql('…') => :desc)`: SQL is no key of an object, so each stands by itself, in their order. */
function orderParts(pairs: readonly RubyNode[], call: CallNode, model: string | undefined, frame: Frame): string[] {
  return pairs.map((pair) => {
    const isSelected = isSelectedKey(pair, call, model, frame)
    if (!(isSqlKey(pair) || isSelected) || !is(pair, 'AssocNode')) return conditionsCode([pair], undefined, frame, false)
    const direction = literalText(pair.value as RubyNode)?.toUpperCase()
    if (isSelected && /^(ASC|DESC)$/.test(direction ?? ''))
      return `${frame.imports.framework('sql')}(${quote(`${literalText(pair.key as RubyNode)!} ${direction}`)})`
    if (isSelected) return conditionsCode([pair], undefined, frame, false)
    const [given] = argumentsOf(pair.key as CallNode).positional
    if (given === undefined || (direction !== 'ASC' && direction !== 'DESC')) throw new Untranslated(pair, 'an order that is computed')
    const plain = literalText(given)
    const code = plain === undefined ? `\`\${${value(given, frame).code}} ${direction}\`` : quote(`${plain} ${direction}`)
    return `${frame.imports.framework('sql')}(${code})`
  })
}

/** Whether what is added up or read is no column of the model, but one of what it is joined with, or one that the query itself makes. */
function isOther(method: string, node: RubyNode, model: string | undefined, { application }: Frame): boolean {
  const name = literalText(node)
  const columns = model === undefined || !application.isModel(model) ? undefined : application.columnsOf(model)
  if (!/^(sum|average|pluck|pick|select|reselect|group)$/.test(method) || name === undefined || !/^\w+$/.test(name) || !columns)
    return false
  if (columns.has(name) || application.associationOf(model!, name)) return false
  return !application.lineage(model!).some(({ properties }) => properties.has(name))
}

/** The arguments of a query, each as its method takes them. */
export function queryArguments(call: CallNode, model: string | undefined, frame: Frame): string[] {
  const { positional, pairs } = argumentsOf(call)
  if (/^(re)?order$/.test(call.name) && isNothing(call)) return []
  if (call.name === 'distinct' && positional.length > 0 && literalText(positional[0]) !== undefined) return []
  const [list] = positional
  if (call.name === 'find_by_sql' && positional.length === 1 && is(list, 'ArrayNode'))
    return (list.elements as RubyNode[]).map((each) => value(each, frame).code)
  if (/^(where|rewhere|having|not)$/.test(call.name) && positional.length === 1 && pairs.length === 0 && isBoundSql(list))
    return queryArguments(withArguments(call, list.elements as RubyNode[]), model, frame)
  const isTree = (each: RubyNode) => (trees.has(call.name) || withSql.has(call.name)) && is(each, 'ArrayNode')
  const given = positional.flatMap((each) => (isTree(each) ? (each as unknown as { elements: RubyNode[] }).elements : [each]))
  const codes = given.map((argument, index) => {
    const bound = index > 0 && /^(where|rewhere|not|having)$/.test(call.name) ? keyOfBound(argument, frame) : undefined
    if (bound !== undefined) return bound
    if (is(argument, 'SplatNode')) return `...${value(argument.expression as RubyNode, frame).code}`
    if (is(argument, 'HashNode') && withConditions.has(call.name))
      return conditionsCode(argument.elements as RubyNode[], model, frame, !withoutLists.has(call.name))
    if (trees.has(call.name) && unknownAssociation(argument, model, frame)) return `(${sqlArgument(argument, frame)} as Untyped)`
    const named = /^(re)?order$/.test(call.name) ? literalText(argument) : undefined
    if (named !== undefined && isSelectedName(named, call, model, frame)) return `${frame.imports.framework('sql')}(${quote(named)})`
    if (withSql.has(call.name)) return sqlArgument(argument, frame, isOther(call.name, argument, model, frame))
    const counted = call.name === 'count' ? literalText(argument) : undefined
    if (counted !== undefined && !/^\w+$|^\*$/.test(counted)) return `${frame.imports.framework('sql')}(${quote(counted)})`
    if (trees.has(call.name) && is(argument, 'LocalVariableReadNode')) return `(${value(argument, frame).code} as Untyped)`
    const given = call.name === 'find' ? present(expression(argument, frame)) : expression(argument, frame)
    const isList = given.pending || call.name === 'excluding' || call.name === 'without'
    return isList ? frame.value(given).code : given.code
  })
  const odd = isMaker.has(call.name)
    ? pairs.some((pair) => isUnknownAttribute(pair, model, frame))
    : trees.has(call.name) && pairs.some((pair) => unknownAssociation(pair, model, frame))
  if (pairs.length > 0 && odd) codes.push(`${conditionsCode(pairs, model, frame, false)} as Untyped`)
  else if (pairs.length > 0 && positional.length > 0 && bulk.has(call.name))
    codes.push(hashCode(pairs, frame, (key) => camelize(key, 'lower')))
  else if (/^(re)?order$/.test(call.name) && pairs.some((pair) => isSqlKey(pair) || isSelectedKey(pair, call, model, frame)))
    codes.push(...orderParts(pairs, call, model, frame))
  else if (pairs.length > 0 && withConditions.has(call.name) && !withoutLists.has(call.name)) {
    const before = frame.hasOddCondition
    frame.hasOddCondition = false
    const code = conditionsCode(pairs, model, frame, true)
    codes.push(frame.hasOddCondition ? `${code} as Untyped` : code)
    frame.hasOddCondition = before
  } else if (pairs.length > 0)
    codes.push(conditionsCode(pairs, withConditions.has(call.name) ? model : undefined, frame, !withoutLists.has(call.name)))
  if (call.block && !fillsIn(call) && !['select'].includes(call.name)) {
    if (/^create_or_find/.test(call.name)) throw new Untranslated(call, 'a block that fills in a new record')
    const block = blockFunction(call, frame, [recordOf(model)])
    if (block) codes.push(block.code)
  }
  return codes
}

/** What only narrows or orders: what a query loads with its records is the same then. */
const plainChain = /^(where|not|rewhere|order|reorder|limit|offset|all|none|distinct|joins|leftJoins|or|and|readonly|lock|sql)$/

/** The type of a variable that holds one query and then another: what the first loads with its records is part of its own type. */
export function queryVariableType({ code, type, pending }: Expression, frame: Frame): string {
  if (type.kind !== 'relation' || type.model === undefined || pending || type.isLoose || type.isGrouped) return ''
  if ([...code.matchAll(/(\w+)\(/g)].every(([, name = '']) => plainChain.test(name))) return ''
  const name = frame.typeName(type.model)
  return name === undefined ? '' : `: ${frame.imports.framework('type RelationTo').replace('type ', '')}<typeof ${name}, ${quote(name)}>`
}

export { quote }
