import { camelize, underscore } from '../../../../src/naming/index.ts'
import { ourWord } from '../../../../src/naming/words.ts'
import type { Application } from './application.ts'
import type { Delegation, MethodInfo } from './class_info.ts'
import type { Frame } from '../frame.ts'
import { arrayOf, boolean, type Expression, isLazy, number, recordOf, text, time, unknown, type ValueType } from '../value_types.ts'

/** What Rails lets be asked of an attribute by a suffix of its name, and our method of the same. */
const dirty: readonly (readonly [RegExp, string, ValueType])[] = [
  [/^saved_change_to_(\w+)\?$/, 'savedChangeToAttribute', boolean],
  [/^will_save_change_to_(\w+)\?$/, 'willSaveChangeToAttribute', boolean],
  [/^saved_change_to_(\w+)$/, 'savedChangeTo', arrayOf()],
  [/^(\w+)_before_last_save$/, 'attributeBeforeLastSave', unknown],
  [/^(\w+)_in_database$/, 'attributeInDatabase', unknown],
  [/^(\w+)_before_type_cast$/, 'attributeBeforeTypeCast', unknown],
  [/^(\w+)_previously_changed\?$/, 'attributePreviouslyChanged', boolean],
  [/^(\w+)_previously_was$/, 'attributePreviouslyWas', unknown],
  [/^(\w+)_changed\?$/, 'attributeChanged', boolean],
  [/^(\w+)_will_change!$/, 'attributeWillChange', unknown],
  [/^(\w+)_change$/, 'attributeChange', arrayOf()],
  [/^(\w+)_was$/, 'attributeWas', unknown],
]

/** A member of a record, class or object of the application by its Ruby name; undefined when nothing explains it.
 *
 * @param args the translated arguments
 */
export function member(receiver: Expression, name: string, args: readonly string[], frame: Frame, dot = '.'): Expression | undefined {
  if (args.length === 0 && dot === '.' && isEither(receiver, name, frame)) {
    const read = `((held: Untyped) => (typeof held.${methodName(name)} === 'function' ? held.${methodName(name)}() : held.${name}))`
    return { code: `${read}(${receiver.code})`, type: { ...unknown, isLoose: true }, pending: true }
  }
  const found = memberOf(receiver, name, args, frame, dot)
  const isLoose = receiver.type.isLoose || isOfHosts(receiver, name, frame)
  return found && isLoose ? { ...found, type: { ...found.type, isLoose: true } } : found
}

/** Whether what a module asks of itself is defined by the classes that include it, which the compiler knows nothing of. */
function isOfHosts({ type: { kind, model } }: Expression, name: string, frame: Frame): boolean {
  const info = model === undefined ? undefined : frame.application.classes.get(model)
  if (info?.kind !== 'module' || info.isNamespace || (kind !== 'record' && kind !== 'class')) return false
  const { methods, staticMethods, properties } = info
  return kind === 'record' ? !methods.get(name)?.node && !properties.has(name) : !staticMethods.get(name)?.node
}

/** Whether what a module asks its records for is a method of some classes that include it, and an attribute or association of others. */
function isEither({ code, type: { kind, model } }: Expression, name: string, frame: Frame): boolean {
  if (kind !== 'record' || !/^\w+$/.test(name) || !frame.isMixin(model) || !/^[\w$]+$/.test(code)) return false
  const { application } = frame
  const ways = application.lineage(model!).flatMap((info) => {
    if (info.kind !== 'class' || !application.isModel(info.name)) return []
    if (application.columnsOf(info.name)?.has(name) || info.associations.has(name)) return ['attribute']
    return info.methods.get(name)?.node ? ['method'] : []
  })
  return new Set(ways).size > 1
}

function memberOf(receiver: Expression, name: string, args: readonly string[], frame: Frame, dot: string): Expression | undefined {
  const { type } = receiver
  if (type.model === undefined) return undefined
  const isStatic = type.kind === 'class' || type.kind === 'relation' || type.kind === 'collection'
  const { application } = frame
  const extension = type.extended && application.associationOf(...type.extended)?.extension?.get(name)
  if (extension)
    return {
      code: `(${receiver.code} as Untyped)${dot}${methodName(name)}(${args.join(', ')})`,
      type: extension.returns,
      ...(extension.isAsync ? { pending: true } : {}),
    }
  const method = application.methodOf(type.model, name, isStatic)
  const columns = isStatic ? undefined : application.columnsOf(type.model)
  const called = (code: string, result: ValueType): Expression => ({ code: `${receiver.code}${dot}${code}`, type: result })
  const overrides =
    method?.node !== undefined && (columns?.has(name) || (!isStatic && application.associationOf(type.model, name) !== undefined))
  if (overrides && method.isAsync) return { ...called(name, { ...answered(method.returns, method), isLoose: true }), pending: true }
  if (overrides) return called(name, method.returns)
  if (method?.isProperty) return called(name, method.returns)
  if (method)
    return {
      ...called(
        `${nameIn(type.model, name, isStatic, application)}(${args.join(', ')})`,
        answered(delegatedType(receiver, method, frame), method),
      ),
      ...(method.isAsync ? { pending: true } : {}),
    }
  if (isStatic) return property(type.model, name, called, frame)
  const association = application.associationOf(type.model, name)
  if (association && args.length === 0) {
    const target = association.model
    if (association.many)
      return called(name, {
        kind: 'collection',
        ...(target === undefined ? {} : { model: target }),
        ...(association.extension ? { extended: [receiver.type.model!, name] } : {}),
      })
    const key = association.isPlain ? columns?.get(`${name}_id`) : undefined
    const type = recordOf(target)
    if (association.polymorphic) return { ...called(name, { kind: 'record', isNullable: true }), pending: true }
    const isNullable = type.kind === 'record' && (key === undefined || Boolean(key.isNullable))
    return { ...called(name, isNullable ? { ...type, isNullable } : type), pending: true }
  }
  const column = columns?.has(name) ? (serializedType(type.model, name, application) ?? columns.get(name)) : undefined
  if (column && args.length === 0) return called(name, column)
  return property(type.model, name, called, frame) ?? (columns ? derived(receiver, name, args, columns, called, frame) : undefined)
}

/** What a method of a class is called: Ruby may have `createNote` beside `create_note`. */
export function nameIn(model: string, name: string, isStatic: boolean, application: Application): string {
  const isTwin = /[a-z][A-Z]/.test(name) && application.methodOf(model, underscore(name), isStatic) !== undefined
  return isTwin ? `${methodName(name)}_` : methodName(name)
}

/** What a method that waits answers: a query has run by then. */
function answered(type: ValueType, { isAsync, isAnsweredOtherwise }: MethodInfo): ValueType {
  const loose = isAnsweredOtherwise ? { isLoose: true } : {}
  if (!isAsync || !isLazy(type)) return { ...type, ...loose }
  return { ...arrayOf(recordOf(type.model)), ...(type.isNullable ? { isNullable: true } : {}), ...loose }
}

/** What a delegated method answers is what the other's does. */
function delegatedType({ type }: Expression, { delegates, returns }: MethodInfo, frame: Frame): ValueType {
  const isKnown = delegates && type.kind === 'record' && !frame.delegations.has(delegates)
  if (!isKnown) return returns
  frame.delegations.add(delegates)
  try {
    return typeBehind(type, delegates, returns, frame)
  } finally {
    frame.delegations.delete(delegates)
  }
}

function typeBehind(type: ValueType, delegates: Delegation, returns: ValueType, frame: Frame): ValueType {
  const holder = member({ code: 'this', type }, delegates.to, [], frame)
  if (holder?.type.model === undefined) return returns
  const { isNullable, ...held } = holder.type
  const found = member({ code: 'it', type: held }, delegates.name, [], frame)?.type ?? returns
  return delegates.allowsNull && isNullable ? { ...found, isNullable } : found
}

function serializedType(model: string, name: string, application: Application): ValueType | undefined {
  return application
    .lineage(model)
    .map(({ properties }) => properties.get(name))
    .find((type) => type?.isSerialized)
}

type Called = (code: string, result: ValueType) => Expression

function property(model: string, name: string, called: Called, frame: Frame): Expression | undefined {
  const found = frame.application.lineage(model).find(({ properties }) => properties.has(name))
  if (!found) return undefined
  const type = found.properties.get(name)!
  const aliased = type.aliasOf === undefined ? undefined : frame.application.columnsOf(model)?.get(type.aliasOf)
  if (aliased) return called(name, aliased)
  const named = type.isNamed ? frame.application.classNamed(name) : undefined
  if (named !== undefined && frame.application.isModel(named))
    return called(name, { ...recordOf(named), isNullable: true, isOptional: true })
  return called(name, type.isOwn ? frame.application.variableType(model, name, false) : type)
}

/** What Rails derives from attributes and associations: `title?`, `title_changed?`, `comment_ids`, `build_profile`. */
function derived(
  receiver: Expression,
  name: string,
  args: readonly string[],
  columns: ReadonlyMap<string, ValueType>,
  called: Called,
  frame: Frame,
): Expression | undefined {
  const model = receiver.type.model!
  const ofPassword = /^(\w+)_salt$/.exec(name)?.[1]
  if (ofPassword !== undefined && columns.has(`${ofPassword}_digest`) && property(model, ofPassword, called, frame)?.type.kind === 'text')
    return called(camelize(name, 'lower'), { ...text, isNullable: true })
  if (name.endsWith('?') && kindsOf(model, frame).includes(name.slice(0, -1))) return called(`${ourWord(name)}()`, boolean)
  if (name.endsWith('?') && columns.has(name.slice(0, -1))) {
    if (columns.get(name.slice(0, -1))!.kind === 'boolean') return called(name.slice(0, -1), boolean)
    return called(`queryAttribute('${name.slice(0, -1)}')`, boolean)
  }
  for (const [pattern, method, result] of dirty) {
    const attribute = pattern.exec(name)?.[1]
    if (attribute !== undefined && (columns.has(attribute) || property(model, attribute, called, frame) !== undefined)) {
      const passed = [`'${attribute}'`, ...args].join(', ')
      const column = columns.get(attribute)
      const isRaw = method === 'attributeBeforeTypeCast'
      const { code, type } = called(`${method}(${passed})`, result.kind === 'unknown' ? (!isRaw && column) || unknown : result)
      // The compiler knows the attributes that are columns.
      if (!column) return { code: code.replace(receiver.code, () => `(${receiver.code} as Untyped)`), type }
      return { code: isRaw ? `(${code} as Untyped)` : code, type }
    }
  }
  const made = /^(build|create)_(\w+?)(!?)$/.exec(name)
  const association = made ? frame.application.associationOf(model, made[2]!) : undefined
  if (made && association && !association.many)
    return {
      ...called(`${ourWord(name)}(${args.join(', ')})`, recordOf(association.model)),
      ...(made[1] === 'create' ? { pending: true } : {}),
    }
  const ids = /^(\w+)_ids$/.exec(name)
  if (ids) {
    const many = [`${ids[1]}s`, `${ids[1]!.replace(/y$/, 'ies')}`, `${ids[1]}es`].find(
      (each) => frame.application.associationOf(model, each)?.many,
    )
    if (many) return { ...called(`${many}.ids()`, arrayOf(number)), pending: true }
  }
  return undefined
}

/** What `delegated_type` asks records by: `post` of `Post`. */
function kindsOf(model: string, { application }: Frame): string[] {
  return application
    .lineage(model)
    .flatMap(({ name, associations }) =>
      [...associations.values()].flatMap(({ types }) =>
        application.textsOf(types, name).map((each) => underscore(each).replaceAll('/', '_')),
      ),
    )
}

/** Whether an attribute is one that `has_secure_password` makes. */
export function isOfPassword(model: string, name: string, application: Application): boolean {
  const of = name.replace(/_(confirmation|challenge)$/, '')
  return Boolean(application.columnsOf(model)?.has(`${of}_digest`))
}

/** How a member is written: as a property, or with a method of its own. */
export function memberWriter(receiver: Expression, name: string, frame: Frame): { name: string; isCall: boolean; isAsync: boolean } {
  const many =
    receiver.type.kind === 'record' && receiver.type.model !== undefined && frame.application.associationOf(receiver.type.model, name)?.many
  if (many && !frame.application.methodOf(receiver.type.model!, `${name}=`, false))
    return { name: `${name}.replace`, isCall: true, isAsync: true }
  const { model, kind } = receiver.type
  if (model === undefined) return { name, isCall: false, isAsync: false }
  const method = frame.application.methodOf(model, `${name}=`, kind === 'class')
  if (!method?.node) return { name, isCall: false, isAsync: false }
  if (writesProperty(model, name, kind === 'class', frame.application)) return { name, isCall: false, isAsync: false }
  return { name: setterName(name), isCall: true, isAsync: method.isAsync }
}

/** Whether `name=` is written as a setter, since nothing but it and a property have the name. */
export function writesProperty(model: string, name: string, isStatic: boolean, application: Application): boolean {
  const method = application.methodOf(model, `${name}=`, isStatic)
  if (method?.isAsync) return false
  const reader = application.methodOf(model, name, isStatic)
  return (
    Boolean(application.columnsOf(model)?.has(name)) || application.associationOf(model, name) !== undefined || reader?.node === undefined
  )
}

export function setterName(name: string): string {
  return `set${camelize(name)}`
}

/** What a Ruby method is called; operators and constructors have names of their own. */
export function methodName(name: string): string {
  if (name === 'constructor' || name === '__proto__') return `${name}_`
  const operators: Record<string, string> = {
    to_s: 'toString',
    '==': 'equals',
    '<=>': 'compareTo',
    '[]': 'get',
    '[]=': 'set',
    '<<': 'push',
    '+': 'plus',
    '-': 'minus',
    '===': 'matches',
    '=~': 'match',
    '!': 'not',
    '*': 'times',
    '/': 'dividedBy',
    '%': 'modulo',
    '>': 'isAbove',
    '<': 'isBelow',
    '>=': 'isAtLeast',
    '<=': 'isAtMost',
    'eql?': 'isEql',
    '-@': 'negated',
    '&': 'and',
    '|': 'or',
  }
  if (Object.hasOwn(operators, name)) return operators[name]!
  return ourWord(name)
}

/** Members that every record has beside its own, with what they answer. */
export const recordMembers: Readonly<Record<string, { as?: string; type?: ValueType; pending?: boolean; property?: boolean }>> = {
  save: { type: boolean, pending: true },
  'save!': { pending: true },
  update: { type: boolean, pending: true },
  'update!': { pending: true },
  update_attribute: { type: boolean, pending: true },
  update_attributes: { as: 'update', type: boolean, pending: true },
  'update_attribute!': { as: 'updateOrThrow', pending: true },
  update_column: { type: boolean, pending: true },
  update_columns: { type: boolean, pending: true },
  destroy: { pending: true },
  'destroy!': { pending: true },
  delete: { pending: true },
  reload: { pending: true },
  'lock!': { as: 'lock', pending: true },
  with_lock: { pending: true },
  touch: { type: boolean, pending: true },
  'increment!': { pending: true },
  'decrement!': { pending: true },
  'toggle!': { pending: true },
  increment: {},
  decrement: {},
  toggle: {},
  'valid?': { type: boolean, pending: true },
  'invalid?': { type: boolean, pending: true },
  validate: { type: boolean, pending: true },
  'validate!': { pending: true },
  'new_record?': { type: boolean },
  'persisted?': { type: boolean },
  'destroyed?': { type: boolean },
  'changed?': { type: boolean },
  'has_changes_to_save?': { as: 'hasChangesToSave', type: boolean },
  'saved_changes?': { as: 'hasSavedChanges', type: boolean },
  'previously_new_record?': { type: boolean },
  'readonly?': { type: boolean },
  'frozen?': { type: boolean },
  changed: { type: arrayOf(text), property: true },
  changes: { type: { kind: 'hash' }, property: true },
  previous_changes: { as: 'previousChanges', type: { kind: 'hash' }, property: true },
  saved_changes: { as: 'savedChanges', type: { kind: 'hash' }, property: true },
  changed_attributes: { as: 'changedAttributes', type: { kind: 'hash' }, property: true },
  attributes: { type: { kind: 'hash' }, property: true },
  errors: { type: { kind: 'errors' }, property: true },
  id: { type: number, property: true },
  assign_attributes: {},
  'attributes=': { as: 'assignAttributes' },
  read_attribute: {},
  write_attribute: {},
  'has_attribute?': { as: 'hasAttribute', type: boolean },
  dup: {},
  becomes: {},
  slice: {},
  as_json: { type: { kind: 'hash' } },
  serializable_hash: { type: { kind: 'hash' } },
  to_param: { type: text },
  to_key: { type: arrayOf() },
  cache_key: { type: text },
  cache_version: { type: text },
  cache_key_with_version: { type: text },
  signed_id: { type: text },
  to_gid: { as: 'toGlobalId', type: text },
  to_global_id: { type: text },
  to_sgid: { as: 'toSignedGlobalId', type: text },
  generate_token_for: { type: text },
  authenticate: { pending: true },
  'will_save_change_to_attribute?': { as: 'willSaveChangeToAttribute', type: boolean },
  'saved_change_to_attribute?': { as: 'savedChangeToAttribute', type: boolean },
  'attribute_changed?': { as: 'attributeChanged', type: boolean },
  attribute_was: {},
  created_at: { type: time, property: true },
  updated_at: { type: time, property: true },
}
