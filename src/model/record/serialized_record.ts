import { infoOf, type ModelInfo } from '../model_info.ts'
import { modelName } from '../model_name.ts'
import { ourWord } from '../../naming/index.ts'
import { readKey } from '../associations/keys.ts'
import type { Reflection } from '../associations/reflection.ts'
import { loadedOf, loadedRecords } from '../associations/state.ts'
import { type Decimal, decimalText } from '../attributes/decimal_text.ts'
import { Range } from '../range.ts'
import { Duration } from '../../values/index.ts'
import { isRecord, readColumn } from './attribute_access.ts'
import { AssociationNotLoaded, InvalidArgument, MissingModelMethod } from '../errors.ts'
import { type GlobalIdParams, globalIdOf } from '../global_id/global_id.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { PersistedRecord } from './persisted_record.ts'
import { EXTRA } from './record_state.ts'
import { readVirtual } from './virtual_attributes.ts'

/** What of a record is serialised. */
export interface SerializationOptions {
  readonly only?: string | readonly string[]
  readonly except?: string | readonly string[]
  /** Puts the whole under a name: true for that of the model, `post`. Default: what `static includeRootInJson` of its class says. */
  readonly root?: boolean | string
  /** Members called besides the attributes; `full_name` calls `fullName` where there is no member of its own name. */
  readonly methods?: string | readonly string[]
  /** Loaded associations, with options of their own. */
  readonly include?: string | readonly (string | Record<string, SerializationOptions>)[] | Record<string, SerializationOptions>
}

/** Records as JSON and as GlobalIDs. */
export class SerializedRecord extends PersistedRecord {
  /** Attributes, and what the options name, as a plain object.
   * @throws MissingModelMethod, InvalidArgument for a member of `methods` that isn't there, or that has to be waited for;
   * AssociationNotLoaded for one to be included that has to be loaded first
   */
  serializableHash(options: SerializationOptions = {}): Record<string, unknown> {
    const only = options.only === undefined ? undefined : names(options.only)
    const except = only === undefined ? names(options.except) : []
    const info: ModelInfo = infoOf(this.constructor as unknown as ModelClass)
    const hash: Record<string, unknown> = {}
    for (const column of info.schema.columns) {
      if (only?.includes(column.name) === false || except.includes(column.name)) continue
      // Which class a row is of stays out, as in Rails; `methods: 'type'` tells it.
      if (column === info.inheritance) continue
      const value = readColumn(this, column)
      if (value !== undefined) hash[column.name] = value
    }
    const virtual = [...info.virtual].flatMap(([name, attribute]): [string, unknown][] =>
      attribute.isAccessor ? [] : [[name, readVirtual(this, name, attribute)]],
    )
    for (const [name, value] of [...virtual, ...(this[EXTRA]?.attributes ?? [])]) {
      if (info.virtual.get(name)?.isAccessor) continue
      if (only?.includes(name) ?? !except.includes(name)) hash[name] = value
    }
    for (const name of names(options.methods)) hash[name] = answerOf(this, name, info)
    for (const [name, nested] of includes(options.include)) {
      const included = includedJson(this, info, name, nested)
      if (included !== undefined) hash[name] = included
    }
    return hash
  }

  /** The record as Rails renders it: dates in ISO 8601 with milliseconds, bigints and decimals as JSON takes them. */
  asJson(options: SerializationOptions = {}): Record<string, unknown> {
    const json = Object.fromEntries(Object.entries(this.serializableHash(options)).map(([name, value]) => [name, jsonValue(value)]))
    const { root = (this.constructor as { includeRootInJson?: boolean }).includeRootInJson === true } = options
    return root === false ? json : { [root === true ? modelName(this.constructor.name).singular : root]: json }
  }

  toJSON(): Record<string, unknown> {
    return this.asJson()
  }

  /** What caches call the record: `articles/new`, `articles/1`. It stays when the record changes; {@link cacheVersion} doesn't. */
  cacheKey(): string {
    return `${modelName(this.constructor.name).cacheKey}/${this.isNewRecord() ? 'new' : String(this.toParam())}`
  }

  /** The time of the last change in microseconds: `20260115120000000000`; null without an update timestamp. */
  cacheVersion(): string | null {
    const { updatedAt } = infoOf(this.constructor as unknown as ModelClass).schema
    const time = updatedAt === undefined ? null : readColumn(this, updatedAt)
    return time instanceof Date ? `${time.toISOString().replace(/\D/g, '')}000` : null
  }

  /** `articles/1-20260115120000000000`. */
  cacheKeyWithVersion(): string {
    const version = this.cacheVersion()
    return version === null ? this.cacheKey() : `${this.cacheKey()}-${version}`
  }

  /** `gid://app/Article/1`: names the record in a job's arguments.
   * @param params go with it: `gid://app/Article/1?as=guest`
   * @throws InvalidArgument for a record that isn't saved
   */
  toGlobalId(params: GlobalIdParams = {}): string {
    const id = globalIdOf(this, params)
    if (typeof id !== 'string') throw new InvalidArgument({ reason: `A ${this.constructor.name} that isn't saved has no GlobalID.` })
    return id
  }
}

function answerOf(record: SerializedRecord, name: string, info: ModelInfo): unknown {
  const member = name in record ? name : ourWord(name)
  const model = info.model.name
  if (!(member in record)) throw new MissingModelMethod({ model, method: name, used: 'methods of its JSON' })
  const answer = record.slice(member)[member]
  if (!(answer instanceof Promise)) return answer
  answer.catch(() => {})
  throw new InvalidArgument({
    reason: `JSON is made at once, and ${member}() of ${model} has to be waited for: await it, and add it to the JSON.`,
  })
}

function includedJson(record: SerializedRecord, info: ModelInfo, name: string, options: SerializationOptions): unknown {
  const reflection = info.reflection(name)
  if (!isKnown(record, reflection)) throw new AssociationNotLoaded({ model: info.model.name, association: name })
  const records = loadedRecords(record, reflection).map((each) => each.asJson({ root: false, ...options }))
  return reflection.isCollection ? records : records[0] // Rails leaves out an absent one, too
}

/** Whether nothing has to be asked for what an association leads to: JSON is made at once. */
function isKnown(record: SerializedRecord, reflection: Reflection): boolean {
  const loaded = loadedOf(record, reflection)
  if (loaded !== undefined && loaded !== null && !isRecord(loaded)) return loaded.isLoaded()
  if (loaded !== undefined) return true
  return reflection.kind === 'belongsTo' ? readKey(record, reflection.ownerKeys) === null : record.isNewRecord()
}

function names(option: string | readonly string[] | undefined): readonly string[] {
  return option === undefined ? [] : typeof option === 'string' ? [option] : option
}

function includes(option: SerializationOptions['include']): [string, SerializationOptions][] {
  if (option === undefined) return []
  if (typeof option === 'string') return [[option, {}]]
  if (!Array.isArray(option)) return Object.entries(option as Record<string, SerializationOptions>)
  return option.flatMap((each: string | Record<string, SerializationOptions>): [string, SerializationOptions][] =>
    typeof each === 'string' ? [[each, {}]] : Object.entries(each),
  )
}

function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (typeof value === 'object' && value !== null && 'toFixed' in value) return decimalText(value as Decimal)
  if (value instanceof Duration) return Math.trunc(value.seconds)
  if (value instanceof Range) return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return isRecord(value) ? (value as ModelRecord).asJson() : value
}
