import type { ModelInfo } from '../model_info.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'

/** Checks one attribute and adds what is wrong to the record's errors. */
export type AttributeValidator = (record: ModelRecord, attribute: string, value: unknown) => void | Promise<void>

/** Makes a validator of the options of a rule, for a class that has it from the one that declared it. */
export type ValidatorFactory = (options: Readonly<Record<string, unknown>>, info: ModelInfo, declaredBy: ModelClass) => AttributeValidator

/** The value of an option that may be a method of the record or a function of it. */
export function resolve(option: unknown, record: ModelRecord): unknown {
  if (typeof option === 'function') return option.call(record, record)
  if (typeof option === 'string' && option in record) {
    const value: unknown = Reflect.get(record, option)
    return typeof value === 'function' ? value.call(record) : value
  }
  return option
}

/** The options that go with an error: its message and what the error says about it. */
export function errorOptions(
  options: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return options['message'] === undefined ? { ...more } : { ...more, message: options['message'] }
}
