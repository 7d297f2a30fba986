import { associationReader, associationWriter } from './associations/accessors.ts'
import { assignNested } from './associations/nested_attributes.ts'
import { leadsThroughCollection, throughCollection } from './associations/through_collection.ts'
import type { Reflection } from './associations/reflection.ts'
import { defineSingularMembers } from './associations/singular_members.ts'
import type { ModelInfo } from './model_info.ts'
import { defineAttributes } from './record/attribute_access.ts'
import type { AttributeRecord } from './record/attribute_record.ts'
import { ModelRecord, type ModelClass } from './record/model_record.ts'
import { VALUES } from './record/record_state.ts'
import { readVirtual, writeVirtual } from './record/virtual_attributes.ts'

/** Defines the attributes, virtual attributes and associations of a model on the class that the application's class extends,
 * so that an accessor of the application's class wins and reaches them with `super`. */
export function defineMembers(info: ModelInfo, base: ModelClass): void {
  const prototype: object = base.prototype
  if (!info.isSubclass) defineAttributes(prototype, info.schema.columns)
  for (const [name, attribute] of info.virtual) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: AttributeRecord) {
        return Object.hasOwn(this, VALUES) ? readVirtual(this, name, attribute) : undefined
      },
      set(this: AttributeRecord, value: unknown) {
        writeVirtual(this, name, value)
      },
    })
  }
  for (const reflection of info.reflections.values()) {
    if (info.schema.byName.has(reflection.name)) continue
    Object.defineProperty(prototype, reflection.name, {
      configurable: true,
      enumerable: true,
      ...(leadsThroughCollection(reflection, info)
        ? refused(reflection, info)
        : { get: associationReader(reflection), set: associationWriter(reflection) }),
    })
    if (!reflection.isCollection) defineSingularMembers(prototype, reflection)
  }
}

/** Accessors that throw. */
function refused(reflection: Reflection, info: ModelInfo): { get(): never; set(): never } {
  const refuse = (): never => {
    throw throughCollection(reflection, info)
  }
  return { get: refuse, set: refuse }
}

/** Defines `comments_attributes`, also written `commentsAttributes`, which take the attributes of associated records. */
export function defineNestedWriters(info: ModelInfo, base: ModelClass, associations: readonly string[]): void {
  for (const association of associations) {
    const reflection = info.reflection(association)
    const write = function (this: ModelRecord, given: unknown): void {
      assignNested(this, reflection, info.nestedOptions(association), given)
    }
    for (const name of [`${association}_attributes`, `${association}Attributes`])
      Object.defineProperty(base.prototype, name, { configurable: true, enumerable: false, set: write })
  }
}

/** Whether a name has a setter between a class and the common ancestor of all models. */
export function settersOf(model: ModelClass, name: string): boolean {
  for (
    let prototype: object | null = model.prototype;
    prototype !== null && prototype !== ModelRecord.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
    if (descriptor !== undefined) return descriptor.set !== undefined
  }
  return false
}
