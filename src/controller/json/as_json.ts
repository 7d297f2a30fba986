import { underscore } from '../../naming/index.ts'

/** What may be said about the attributes of a record, or of the keys of a hash, when it becomes JSON. As in Active Model. */
export interface AsJsonOptions {
  readonly only?: string | readonly string[]
  readonly except?: string | readonly string[]
  readonly methods?: string | readonly string[]
  readonly include?:
    | string
    | readonly string[]
    | Readonly<Record<string, AsJsonOptions>>
    | readonly (string | Readonly<Record<string, AsJsonOptions>>)[]
  /** Puts a record below its model's name (`true`) or another one. Default: what `static includeRootInJson` of its class says. */
  readonly root?: boolean | string
  /** Writes validation errors as sentences. */
  readonly fullMessages?: boolean
}

/** How an object says what it is as data: the first of these it has is asked. */
interface Serializable {
  asJson?(options?: AsJsonOptions): unknown
  serializableHash?(options?: AsJsonOptions): unknown
  toJSON?(): unknown
}

/** The data that a value is in JSON: records and serializers are asked (`asJson`, `serializableHash`, `toJSON`), sets and other
 * sequences become lists, maps objects, errors their messages.
 * @example asJson(article, { only: ['id', 'title'], include: { author: { only: 'name' } } })
 */
export function asJson(value: unknown, options?: AsJsonOptions): unknown {
  if (typeof value !== 'object' || value === null) return value
  const object = value as Serializable
  const root = rootOf(object, options)
  if (root !== undefined) return { [root]: asJson(value, { ...options, root: false }) }
  if (typeof object.asJson === 'function') return asJson(withoutHook(object.asJson(options), value), undefined)
  if (typeof object.serializableHash === 'function') return asJson(object.serializableHash(options))
  if (Array.isArray(value)) return value.map((element) => asJson(element, options))
  if (value instanceof Error) return value.message
  if (value instanceof Map) return mapAsJson(value, options)
  if (typeof object.toJSON !== 'function' && isIterable(value)) return [...value].map((element) => asJson(element, options))
  if (typeof object.toJSON === 'function') {
    const json = object.toJSON()
    return options !== undefined && typeof json === 'object' && json !== null ? asJson(withoutHook(json, value), options) : json
  }
  return hashAsJson(Object.entries(value), options)
}

/** Whether a value is a sequence, such as a set or what a generator yields, which is a list in JSON. */
export function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function'
}

/** Whether a value has to be asked for its root: `JSON.stringify` doesn't know of it. */
export function hasRoot(value: object): boolean {
  return (value.constructor as { includeRootInJson?: unknown } | undefined)?.includeRootInJson === true
}

function rootOf(value: Serializable, options: AsJsonOptions | undefined): string | undefined {
  if (typeof value.serializableHash !== 'function') return undefined
  const root = options?.root ?? hasRoot(value)
  return root === true ? underscore(value.constructor.name) : root === false ? undefined : root
}

/** An object, unless that would bring the keys into another order: objects have whole numbers first. */
function mapAsJson(map: ReadonlyMap<unknown, unknown>, options: AsJsonOptions | undefined): unknown {
  const hash = hashAsJson(
    [...map].map(([key, element]) => [keyOf(key), element]),
    options,
  )
  return Object.keys(hash).some((key) => /^\d+$/.test(key)) ? new Map([...map.keys()].flatMap((key) => entryOf(hash, key))) : hash
}

/** A key as Ruby writes it. */
function keyOf(key: unknown): string {
  return key instanceof Date ? `${key.toISOString().slice(0, 19).replace('T', ' ')} UTC` : String(key ?? '')
}

function entryOf(hash: Record<string, unknown>, key: unknown): [string, unknown][] {
  const name = keyOf(key)
  return Object.hasOwn(hash, name) ? [[name, hash[name]]] : []
}

/** A hook that returns its own object would ask forever. */
function withoutHook(json: unknown, asked: unknown): unknown {
  return json === asked ? { ...(json as object) } : json
}

function hashAsJson(entries: readonly (readonly [string, unknown])[], options: AsJsonOptions | undefined): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  const only = names(options?.only)
  const except = only === undefined ? names(options?.except) : undefined
  for (const [key, value] of entries) {
    if (only?.includes(key) === false || except?.includes(key) === true) continue
    Object.defineProperty(json, key, { value: asJson(value, options), enumerable: true, configurable: true, writable: true })
  }
  return json
}

function names(option: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof option === 'string' ? [option] : option
}
