import { didYouMean } from '../naming/index.ts'
import { chainOf } from './associations/chain.ts'
import { collectionCallbacks, collectionEvents } from './associations/collection_callbacks.ts'
import { list } from './callbacks/guard.ts'
import { declarationsOf } from './declarations.ts'
import { isAbstract } from './binding.ts'
import { MissingModelMethod, UnknownColumn } from './errors.ts'
import { baseOf } from './model_factory.ts'
import { infoOf, type ModelInfo } from './model_info.ts'
import { type ModelClass, ModelRecord } from './record/model_record.ts'

/** Whether a value is a class made on `Model('…')`, with a table. */
export function isModelClass(value: unknown): value is Function {
  return typeof value === 'function' && baseOf(value as ModelClass) !== undefined && !isAbstract(value)
}

/** Checks at boot what the classes declare against the schema: models, associations with their keys, validated attributes,
 * the methods that callbacks and conditions name.
 *
 * @throws UnknownModel, UnknownAssociation, UnknownColumn or MissingModelMethod, with a suggestion
 */
export function checkModels(classes: readonly object[]): void {
  for (const model of classes as readonly ModelClass[]) {
    const info = infoOf(model)
    checkAssociations(info)
    checkCallbacks(info)
    checkValidations(info)
    checkColumns(info)
  }
}

function checkAssociations(info: ModelInfo): void {
  for (const reflection of info.reflections.values()) {
    if (reflection.isPolymorphic) {
      requireColumn(info, reflection.ownerKey)
      requireColumn(info, reflection.typeColumn!)
      continue
    }
    for (const step of chainOf(reflection)) {
      for (const key of step.fromKeys) requireColumn(step.from, key)
      for (const key of step.toKeys) requireColumn(step.to, key)
    }
    for (const event of collectionEvents) {
      for (const callback of collectionCallbacks(reflection, event))
        if (typeof callback === 'string') requireMethod(info, callback, `${event} of ${reflection.name}`)
    }
    const { inverseOf } = reflection.options
    if (typeof inverseOf === 'string') infoOf(reflection.target).reflection(inverseOf)
  }
}

function checkCallbacks(info: ModelInfo): void {
  for (const { body, position, event, options } of info.callbacks.declarations) {
    const used = `${position}${event[0]!.toUpperCase()}${event.slice(1)}`
    if (typeof body === 'string') requireMethod(info, body, used)
    for (const condition of [...list(options.if), ...list(options.unless)])
      if (typeof condition === 'string') requireMember(info, condition, used)
  }
}

function checkValidations(info: ModelInfo): void {
  for (const { validations } of declarationsOf(info.model)) {
    for (const { attributes, rule, options } of validations) {
      const used = typeof rule === 'string' ? `validates ${rule}` : 'validate'
      if (typeof rule !== 'string' && typeof rule.body === 'string') requireMethod(info, rule.body, used)
      for (const attribute of attributes) requireMember(info, attribute, used)
      for (const option of ['if', 'unless'] as const) {
        for (const condition of list(options[option] as string | string[]))
          if (typeof condition === 'string') requireMember(info, condition, used)
      }
    }
  }
}

function checkColumns(info: ModelInfo): void {
  for (const { enums, normalizations, readonlyAttributes } of declarationsOf(info.model)) {
    for (const name of [...enums, ...normalizations].map((each) => each.attribute).concat(readonlyAttributes)) requireColumn(info, name)
  }
}

function requireColumn(info: ModelInfo, name: string): void {
  const { byName } = info.schema
  if (!byName.has(name)) throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, byName.keys()) })
}

function requireMethod(info: ModelInfo, method: string, used: string): void {
  if (typeof ownMember(info, method) === 'function' || typeof Reflect.get(info.model.prototype, method) === 'function') return
  throw missing(info, method, used)
}

function requireMember(info: ModelInfo, name: string, used: string): void {
  if (!(name in info.model.prototype)) throw missing(info, name, used)
}

function ownMember(info: ModelInfo, name: string): unknown {
  return Object.getOwnPropertyDescriptor(info.model.prototype, name)?.value
}

function missing(info: ModelInfo, method: string, used: string): MissingModelMethod {
  const members: string[] = []
  for (let prototype: object = info.model.prototype; prototype !== ModelRecord.prototype; prototype = Object.getPrototypeOf(prototype)) {
    members.push(...Object.getOwnPropertyNames(prototype))
  }
  return new MissingModelMethod({ model: info.model.name, method, used, suggestion: didYouMean(method, members) })
}
