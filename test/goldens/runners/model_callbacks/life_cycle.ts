import { mock } from 'node:test'
import { camelize } from '../../../../src/naming/index.ts'
import { abort } from '../../../../src/errors/index.ts'
import { bindModels, isRecord, Rollback } from '../../../../src/model/index.ts'
import type { TestDatabase } from '../../../model/test_database.ts'
import { type AnyModel, type AnyRecord, declareModels, type ModelSpec, type Operation, type Proceed } from './models.ts'
import { decodedOptions, inspected, isPlain } from './values.ts'

export type Step = [kind: string, ...args: unknown[]]

/** When the recording took place. */
export const frozenTime = new Date('2026-01-15T12:00:00Z')

class RuntimeError extends Error {
  override name = 'RuntimeError'
}

/** The life of the records of one case. */
export class LifeCycle {
  readonly log: string[] = []
  readonly #classes: Record<string, AnyModel>
  readonly #variables = new Map<unknown, unknown>()

  constructor(specs: Record<string, ModelSpec>, test: TestDatabase) {
    const names = test.metadata.models.map(({ name }) => name)
    this.#classes = declareModels(specs, names, (operations, record, proceed) => this.#perform(operations, record, proceed))
    bindModels(Object.values(this.#classes), test.database, test.metadata)
  }

  /** Plays a step; what it throws is its answer. */
  async play(step: Step): Promise<unknown> {
    try {
      return shown(await this.#step(step))
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error
      return { $error: { class: error.name, message: error.message } }
    }
  }

  /** Runs the operations of a callback; synchronously as long as it can, since what runs when a record is made must not wait. */
  #perform(operations: readonly Operation[], record: AnyRecord, proceed: Proceed | undefined, from = 0): unknown {
    for (let place = from; place < operations.length; place++) {
      const pending = this.#operate(operations[place]!, record, proceed)
      if (pending instanceof Promise) return pending.then(() => this.#perform(operations, record, proceed, place + 1))
    }
    return undefined
  }

  #operate([kind, ...args]: Operation, record: AnyRecord, proceed: Proceed | undefined): unknown {
    const [first, second] = args
    switch (kind) {
      case 'log':
        return void this.log.push(String(first))
      case 'yield':
        return proceed?.()
      case 'abort':
        return abort()
      case 'raise':
        throw new RuntimeError(String(second))
      case 'rollback':
        throw new Rollback()
      case 'set':
        return void Reflect.set(record, String(first), second)
      case 'errors_add':
        return void (record['errors'] as unknown as { add(...args: unknown[]): void }).add(first, second)
      case 'attr':
        return void this.log.push(`${String(first)}=${inspected(Reflect.get(record, String(first)))}`)
      case 'state':
        return void this.log.push(stateLine(record))
      case 'changes':
        return void this.log.push(`changes: ${namesOf(record['changesToSave'])} saved: ${namesOf(record['savedChanges'])}`)
      case 'log_destroyed_by': {
        const by = Reflect.get(record, 'destroyedByAssociation')
        return void this.log.push(`destroyed_by=${by === undefined ? 'nil' : `:${String(by)}`}`)
      }
      case 'log_count':
        return this.#count(first).then((count) => void this.log.push(`${String(first)}.count=${String(count)}`))
      case 'create':
        return this.#classes[String(first)]!['createOrThrow']!(this.#value(second ?? {}))
      case 'touch':
        return record['touch']!()
      case 'update_column':
        return record['updateColumn']!(first, second)
      case 'ensure':
        return (async () => this.#perform(first as Operation[], record, proceed))().finally(() =>
          this.#perform(second as Operation[], record, proceed),
        )
      case 'return':
        return undefined
      default:
        throw new TypeError(`unknown operation ${kind}`)
    }
  }

  async #step([kind, ...args]: Step): Promise<unknown> {
    const [first, second] = args
    switch (kind) {
      case 'log':
        return void this.log.push(String(first))
      case 'let': {
        const value = await this.#step(second as Step)
        this.#variables.set(first, value)
        return value
      }
      case 'new':
        return new this.#classes[String(first)]!(this.#value(second ?? {}) as object)
      case 'create':
        return this.#classes[String(first)]!['create']!(this.#value(second ?? {}))
      case 'create!':
        return this.#classes[String(first)]!['createOrThrow']!(this.#value(second ?? {}))
      case 'find':
        return this.#classes[String(first)]!['find']!(second)
      case 'count':
        return this.#count(first)
      case 'ids':
        return this.#classes[String(first)]!['ids']!()
      case 'reload':
        return this.#variable(first)['reload']!()
      case 'attr':
        return (await Reflect.get(this.#variable(first), String(second))) as unknown
      case 'errors':
        return [...(this.#variable(first) as unknown as { errors: { fullMessages: string[] } }).errors.fullMessages]
      case 'state':
        return stateOf(this.#variable(first))
      case 'travel':
        return void mock.timers.setTime(frozenTime.getTime() + 1000 * Number(first))
      case 'raise':
        throw first === 'ActiveRecord::Rollback' ? new Rollback() : new RuntimeError(String(second))
      case 'rescue':
        return this.#steps(first as Step[]).catch((error: Error) => void this.log.push(`rescued: ${error.message}`))
      case 'transaction':
        return this.#classes['Post']!['transaction']!(() => this.#steps(second as Step[]), decodedOptions(first as Record<string, unknown>))
      case 'call':
        return this.#call(this.#variable(first), String(second), args.slice(2))
      case 'assoc':
        return this.#call(Reflect.get(this.#variable(first), String(second)) as unknown as AnyRecord, String(args[2]), args.slice(3))
      case 'class':
        return this.#call(this.#classes[String(first)] as unknown as AnyRecord, String(second), args.slice(2))
      default:
        throw new TypeError(`unknown step ${kind}`)
    }
  }

  async #steps(steps: readonly Step[]): Promise<unknown> {
    let result: unknown
    for (const step of steps) result = await this.#step(step)
    return result
  }

  async #count(model: unknown): Promise<unknown> {
    return this.#classes[String(model)]!['count']!()
  }

  /** Calls a method by Ruby's name: an assignment, a question, one that throws. */
  async #call(receiver: AnyRecord, method: string, given: readonly unknown[]): Promise<unknown> {
    const args = given.map((arg) => this.#value(arg))
    if (method.endsWith('=')) return this.#assign(receiver, method.slice(0, -1), args[0])
    if (Array.isArray(receiver)) return receiver[0] as unknown
    if (method === 'update_counters') return (receiver['where']!({ id: args[0] }) as AnyRecord)['updateCounters']!(args[1])
    const name = methods[method] ?? camelize(method.replace(/!$/, '_or_throw').replace(/\?$/, ''), 'lower')
    const asked = method.endsWith('?') && !(name in receiver) ? `is${name[0]!.toUpperCase()}${name.slice(1)}` : name
    const member: unknown = Reflect.get(receiver, asked)
    if (typeof member !== 'function') {
      if (asked in receiver) return member
      throw new TypeError(`no method ${method}`)
    }
    const answer: unknown = await member.apply(receiver, optionsLast(method, args))
    return answers[method] === undefined ? answer : answers[method](answer)
  }

  async #assign(receiver: AnyRecord, name: string, value: unknown): Promise<unknown> {
    const collection: unknown = name.endsWith('_ids') ? Reflect.get(receiver, `${name.slice(0, -4)}s`) : Reflect.get(receiver, name)
    const method = name.endsWith('_ids') ? 'replaceIds' : 'replace'
    if (Array.isArray(value) && typeof collection === 'object' && collection !== null) {
      const replaced = await (Reflect.get(collection, method) as (value: unknown) => Promise<unknown>).call(collection, value)
      return replaced
    }
    Reflect.set(receiver, name, value)
    return value
  }

  #variable(name: unknown): AnyRecord {
    return this.#variables.get(name) as AnyRecord
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#value(each))
    if (!isPlain(value)) return value
    if ('$ref' in value) return this.#variable(value['$ref'])
    if ('$sym' in value) return value['$sym']
    if ('$time' in value) return new Date(String(value['$time']))
    if ('$const' in value) return this.#classes[String(value['$const'])]
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#value(each)]))
  }
}

/** Methods with another name here. */
const methods: Readonly<Record<string, string>> = {
  '<<': 'push',
  'valid?': 'isValid',
  'changed?': 'isChanged',
  'changed_for_autosave?': 'isChangedForAutosave',
  'lock!': 'lock',
  to_a: 'toArray',
  length: 'size',
}

/** Methods that answer something else here: the record that was changed, nothing, rows. */
const answers: Readonly<Record<string, (answer: unknown) => unknown>> = {
  assign_attributes: () => null,
  'update!': isRecord,
  reset_counters: () => true,
  insert_all: () => ({ $other: 'ActiveRecord::Result' }),
}

function optionsLast(method: string, args: readonly unknown[]): readonly unknown[] {
  const last = args.at(-1)
  return method.startsWith('save') && isPlain(last) ? [...args.slice(0, -1), decodedOptions(last)] : args
}

function stateOf(record: AnyRecord): Record<string, unknown> {
  return {
    new_record: record['isNewRecord']!(),
    persisted: record['isPersisted']!(),
    destroyed: record['isDestroyed']!(),
    changed: record['isChanged']!(),
    id: Reflect.get(record, 'id'),
    frozen: record['isFrozen']!(),
    marked: record['isMarkedForDestruction']!(),
  }
}

function stateLine(record: AnyRecord): string {
  const state = stateOf(record)
  const words = {
    new: state['new_record'],
    persisted: state['persisted'],
    destroyed: state['destroyed'],
    changed: state['changed'],
    saved_changes: record['hasSavedChanges']!(),
    previously_new: record['isPreviouslyNewRecord']!(),
    id: inspected(state['id']),
  }
  return `state: ${Object.entries(words)
    .map(([word, value]) => `${word}=${String(value)}`)
    .join(' ')}`
}

function namesOf(changes: unknown): string {
  return Object.keys(changes as object)
    .sort()
    .join(',')
}

/** A record by its class and key, with what is wrong with it. */
function shown(value: unknown): unknown {
  if (value instanceof Date) return { $time: value.toISOString() }
  if (Array.isArray(value)) return value.map(shown)
  if (isRecord(value)) {
    const record = value as unknown as AnyRecord & { id: unknown; errors: { fullMessages: string[] } }
    const { id, errors } = record
    const isDestroyed = record['isDestroyed']!()
    return {
      $record: {
        class: record.constructor.name,
        id,
        new_record: record['isNewRecord']!(),
        destroyed: isDestroyed,
        errors: errors.fullMessages,
      },
    }
  }
  return value
}
