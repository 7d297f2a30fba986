import { camelize } from '../../../../src/naming/index.ts'
import type { AnyRecord } from './models.ts'

/** Whether a value of the file is written as an object. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Options of a macro with our names; symbols among them name methods or what happens to dependents. */
export function decodedOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelize(key, 'lower'), decodedOption(key, value)]))
}

function decodedOption(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => decodedOption(key, each))
  if (!isPlain(value)) return value
  if (!('$sym' in value)) return decodedOptions(value)
  const symbol = String(value['$sym'])
  if (key === 'if' || key === 'unless') return predicate(symbol)
  return ['dependent', 'reject_if'].includes(key) ? camelize(symbol, 'lower') : symbol
}

/** `title?`, `saved_change_to_title?` and `will_save_change_to_title?` are methods with an argument here. */
function predicate(symbol: string): (record: AnyRecord) => unknown {
  const [, asked, attribute] = /^(saved_change_to|will_save_change_to)_(\w+)\?$/.exec(symbol) ?? []
  if (asked === undefined) return (record) => record['queryAttribute']!(symbol.replace('?', ''))
  return (record) => record[asked === 'saved_change_to' ? 'isSavedChangeTo' : 'willSaveChangeTo']!(attribute)
}

/** A value as Ruby's `inspect` writes it in the recorded lines. */
export function inspected(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** What a step answered, in the form of the file. Nil and false are one answer: methods that say whether they did it say false here. */
export function comparable(value: unknown): unknown {
  if (value === null || value === undefined || value === false) return null
  if (Array.isArray(value)) return value.map(comparable)
  if (!isPlain(value)) return value
  if ('$twz' in value) return { time: new Date((value['$twz'] as string[])[0]!).toISOString() }
  if ('$time' in value) return { time: new Date(value['$time'] as string).toISOString() }
  if ('$other' in value) return 'other'
  if ('$error' in value) return { error: kindOf(value['$error'] as { class: string; message: string }) }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]))
}

/** The name of an error, of Rails' or ours, and its message where it is meant for a reader of the response. */
function kindOf({ class: name, message }: { class: string; message: string }): string {
  const kind = kinds[name] ?? name.replace('ActiveRecord::', '')
  return kind === 'RecordInvalid' || kind === 'RecordNotSaved' || kind === 'RecordNotDestroyed' || kind === 'RuntimeError'
    ? `${kind}: ${message.replace(/\.$/, '')}`
    : kind
}

/** Where an error has another name here. */
const kinds: Readonly<Record<string, string>> = {
  UncaughtThrowError: 'CallbackAborted',
  FrozenError: 'ReadOnlyRecord',
  ArgumentError: 'InvalidArgument',
  'ActiveRecord::ActiveRecordError': 'InvalidArgument',
  'ActiveRecord::DeleteRestrictionError': 'DeleteRestricted',
  'ActiveRecord::StaleObjectError': 'StaleObject',
  'ActiveRecord::NestedAttributes::TooManyRecords': 'TooManyRecords',
}
