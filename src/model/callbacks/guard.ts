import type { ModelRecord } from '../record/model_record.ts'
import type { Condition, ConditionOptions, Guard } from './declaration.ts'

/** Makes one function of the `if` and `unless` of a declaration; undefined when there are none. */
export function guardOf(options: ConditionOptions): Guard | undefined {
  const tests: Guard[] = []
  for (const condition of list(options.if)) tests.push((record) => evaluate(condition, record))
  for (const condition of list(options.unless)) tests.push((record) => inverted(evaluate(condition, record)))
  if (tests.length === 0) return undefined
  return tests.length === 1 ? tests[0] : (record) => all(tests, record, 0)
}

/** The conditions of an option as an array. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value as T]
}

/** The value of a method by name or of a function of the record. */
export function evaluate(condition: Condition, record: ModelRecord): boolean | Promise<boolean> {
  const value = typeof condition === 'string' ? member(record, condition) : condition.call(record as never, record as never)
  return value instanceof Promise ? value.then(isTruthy) : isTruthy(value)
}

/** Calls a method of a record, or reads an attribute. */
export function member(record: ModelRecord, name: string): unknown {
  const value: unknown = Reflect.get(record, name)
  return typeof value === 'function' ? value.call(record) : value
}

/** Ruby's truth: everything but null, undefined and false. */
export function isTruthy(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false
}

function inverted(value: boolean | Promise<boolean>): boolean | Promise<boolean> {
  return typeof value === 'boolean' ? !value : value.then((truth) => !truth)
}

function all(tests: readonly Guard[], record: ModelRecord, from: number): boolean | Promise<boolean> {
  for (let place = from; place < tests.length; place++) {
    const passed = tests[place]!(record)
    if (passed instanceof Promise) return passed.then((truth) => truth && all(tests, record, place + 1))
    if (!passed) return false
  }
  return true
}
