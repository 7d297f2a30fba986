import { controllerSettings, isPermitted, Parameters, permittedMarker, type PermitFilter } from '../../../src/controller/index.ts'
import { createParameterHash, type ParameterHash, UploadedFile } from '../../../src/http/index.ts'
import { createLogger, useLogger } from '../../../src/logging/index.ts'

type Tagged = unknown
interface StrongParamsCase {
  readonly id: string
  readonly params: Record<string, Tagged>
  readonly on_unpermitted: 'log' | 'raise' | false
  readonly permit_all_parameters?: boolean
  readonly chain: readonly (readonly [method: string, ...args: Tagged[]])[]
  readonly result?: { type: string; value: Tagged; permitted?: boolean; permitted_elements?: (boolean | null)[] }
  readonly error?: { class: string; message: string; status: number }
  readonly unpermitted?: readonly string[][]
}

/** Runs the chains of calls of `strong_params.json` and compares results, errors and reports with Rails'. */
export async function run(golden: { cases: StrongParamsCase[] }): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const failed: { id: string; reason: string }[] = []
  const before = { ...controllerSettings }
  try {
    for (const one of golden.cases) {
      const reason = runCase(one)
      if (reason !== undefined) failed.push({ id: one.id, reason })
    }
  } finally {
    Object.assign(controllerSettings, before)
    useLogger(undefined)
  }
  return { passed: golden.cases.length - failed.length, failed }
}

function runCase(one: StrongParamsCase): string | undefined {
  const reports: string[][] = []
  const write = (line: string) => reports.push(JSON.parse(line).unpermitted)
  useLogger(createLogger({ format: 'json', level: 'debug', stream: { write } }))
  controllerSettings.onUnpermittedParameters = one.on_unpermitted
  controllerSettings.permitAllParameters = one.permit_all_parameters === true
  let value: unknown
  try {
    value = new Parameters(toHash(decode(one.params) as object))
    for (const [method, ...args] of one.chain) value = call(value, method, args)
  } catch (error) {
    return one.error === undefined ? `threw ${error}` : errorDifference(one.error, error as Error & { status?: number })
  }
  if (one.error !== undefined) return `expected ${one.error.class}, got ${show(value)}`
  if (show(reports) !== show(one.unpermitted ?? [])) return `reported ${show(reports)}, expected ${show(one.unpermitted ?? [])}`
  return resultDifference(one.result!, value)
}

// Ruby's methods that are called something else here.
const names: Record<string, string> = {
  '[]': 'get',
  'permit!': 'permitAll',
  'expect!': 'expectOrThrow',
  to_query: 'toQuery',
  to_param: 'toQuery',
  to_h: 'toHash',
  to_hash: 'toHash',
  to_unsafe_h: 'toUnsafe',
  to_unsafe_hash: 'toUnsafe',
  as_json: 'toJSON',
  reverse_merge: 'reverseMerge',
  with_defaults: 'reverseMerge',
  deep_merge: 'deepMerge',
  without: 'except',
  transform_keys: 'transformKeys',
  'transform_keys!': 'transformKeys',
  transform_values: 'transformValues',
  keep_if: 'select',
  compact_blank: 'compactBlank',
  extract_value: 'extractValue',
  'key?': 'has',
  has_key: 'has',
  'has_key?': 'has',
  'include?': 'has',
  'empty?': 'isEmpty',
  'permitted?': 'isPermitted',
  '==': 'equals',
  each_pair: 'entries',
  each_key: 'keys',
  each_value: 'values',
  'slice!': 'slice',
  values_at: 'valuesAt',
  deep_dup: 'deepDup',
  _set: 'set',
}

const special: Record<string, (receiver: never, args: unknown[]) => unknown> = {
  _keep: (receiver) => receiver,
  _first: (receiver: unknown[]) => receiver[0],
  first: (receiver: unknown[]) => receiver[0],
  to_a: (receiver: Iterable<unknown>) => [...receiver],
  length: (receiver: unknown[]) => receiver.length,
  to_json: (receiver) => JSON.stringify(receiver),
  'exclude?': (receiver: Parameters, [key]) => !receiver.has(key as string),
  'value?': (receiver: Parameters, [value]) => receiver.values().includes(value as never),
  'present?': (receiver: Parameters) => !receiver.isEmpty(),
  _assign_to_model: (receiver: Parameters) => {
    if (!isPermitted(receiver) && !receiver.isEmpty()) throw new ForbiddenAttributes('ActiveModel::ForbiddenAttributesError')
    const unknown = receiver.keys().find((key) => key !== 'name' && key !== 'age')
    if (unknown !== undefined) throw new UnknownAttribute(`unknown attribute '${unknown}' for GModel.`)
    return { name: receiver.get('name') ?? null, age: receiver.get('age') ?? null }
  },
}
class ForbiddenAttributes extends Error {}
class UnknownAttribute extends Error {}

const blocks: Record<string, (...args: never[]) => unknown> = {
  reverse_pair: (key: string, value: unknown) => [[...key].reverse().join(''), value],
  upcase_keys: (key: string) => key.toUpperCase(),
  upcase_values: (value: unknown) => String(value).toUpperCase(),
  key_starts_with_a: (key: string) => key.startsWith('a'),
  fallback: () => 'from block',
}

function call(receiver: unknown, method: string, tagged: readonly Tagged[]): unknown {
  const args = tagged.map(argument)
  if (method === 'delete' && typeof args[1] === 'function' && !(receiver as Parameters).has(args[0] as string)) return args[1]()
  if (special[method] !== undefined) return special[method](receiver as never, args)
  return (receiver as Record<string, (...args: unknown[]) => unknown>)[names[method] ?? method]!(...args)
}

function argument(tagged: Tagged): unknown {
  if (typeof tagged === 'object' && tagged !== null && '$block' in tagged) return blocks[tagged.$block as string]
  return decode(tagged) as PermitFilter
}

class RubyOnly {
  readonly tag: unknown
  constructor(tag: unknown) {
    this.tag = tag
  }
}

// Ruby's symbols and decimals are strings here; what else JSON can't send stays an object of a class that is no parameter.
function decode(tagged: Tagged): unknown {
  if (Array.isArray(tagged)) return tagged.map(decode)
  if (typeof tagged !== 'object' || tagged === null) return tagged
  const [[tag, value]] = [...Object.entries(tagged), ['', undefined]] as [[string, never]]
  if (!tag.startsWith('$')) return Object.fromEntries(Object.entries(tagged).map(([key, member]) => [key, decode(member)]))
  if (['$sym', '$str', '$decimal', '$bytes'].includes(tag)) return value
  if (['$date', '$time', '$datetime'].includes(tag)) return new Date(value)
  if (tag === '$int') return BigInt(value)
  if (tag === '$float') return Number(value)
  if (tag === '$plain') return decode(value)
  if (tag === '$params') return new Parameters(toHash(decode(value) as object))
  if (tag === '$hash')
    return Object.fromEntries((value as [Tagged, Tagged][]).map(([key, member]) => [String(decode(key)), decode(member)]))
  if (tag === '$upload') return upload(value)
  return new RubyOnly(tagged)
}

function upload({ filename, type }: { filename: string; type: string }): UploadedFile {
  return new UploadedFile({ originalFilename: filename, contentType: type, path: '/dev/null', size: 0 })
}

function toHash(value: object): ParameterHash {
  const hash = createParameterHash()
  for (const [key, member] of Object.entries(value)) hash[key] = deepHash(member)
  return hash
}

function deepHash(value: unknown): ParameterHash[string] {
  if (Array.isArray(value)) return value.map(deepHash)
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? toHash(value) : (value as ParameterHash[string])
}

function resultDifference(expected: NonNullable<StrongParamsCase['result']>, value: unknown): string | undefined {
  const wanted = { permitted: expected.permitted, elements: expected.permitted_elements, value: decode(expected.value) }
  const elements = Array.isArray(value) ? value.map((one) => permission(one) ?? null) : undefined
  const got = { permitted: expected.type === 'Parameters' ? permission(value) : undefined, elements, value: value ?? null }
  return show(got) === show(wanted) ? undefined : `expected ${show(wanted)}, got ${show(got)}`
}

function permission(value: unknown): boolean | undefined {
  return typeof value === 'object' && value !== null && permittedMarker in value ? isPermitted(value) : undefined
}

// Rails' class → ours. A method that doesn't exist is Ruby's NoMethodError and JavaScript's TypeError.
const errorNames: Record<string, string> = {
  'ActionController::ParameterMissing': 'ParameterMissing',
  'ActionController::ExpectedParameterMissing': 'ExpectedParameterMissing',
  'ActionController::UnpermittedParameters': 'UnpermittedParameters',
  'ActionController::UnfilteredParameters': 'UnfilteredParameters',
  'ActiveModel::ForbiddenAttributesError': 'ForbiddenAttributes',
  'ActiveModel::UnknownAttributeError': 'UnknownAttribute',
  NoMethodError: 'TypeError',
}

function errorDifference(expected: NonNullable<StrongParamsCase['error']>, error: Error & { status?: number }): string | undefined {
  const name = error.constructor.name
  if (errorNames[expected.class] !== name) return `expected ${expected.class}, got ${error.stack}`
  if ((error.status ?? 500) !== expected.status) return `expected status ${expected.status}, got ${error.status}`
  const message = error.message.split('\n')[0]
  return name === 'TypeError' || message === expected.message ? undefined : `expected "${expected.message}", got "${message}"`
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, member) => {
    if (typeof member === 'bigint') return `${member}n`
    return member instanceof RubyOnly ? member.tag : member
  })
}
