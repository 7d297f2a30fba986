import { Collection } from '../associations/collection.ts'
import { baseOf } from '../model_factory.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ModelClass } from '../record/model_record.ts'
import type { Clauses } from './clauses.ts'
import { Relation } from './relation.ts'

type RelationClass = new (info: ModelInfo, clauses: Clauses) => Relation
type CollectionClass = new (...args: never[]) => Relation

/** The relation class of a model: its static methods are methods of its relations, so that scopes chain. */
export function relationClassOf(model: ModelClass): RelationClass {
  const relationClass = { [`${model.name}Relation`]: class extends Relation {} }[`${model.name}Relation`]!
  addScopes(relationClass.prototype, model, Relation.prototype)
  return relationClass
}

/** The class of the model's collections. */
export function collectionClassOf(model: ModelClass, _relationClass: RelationClass): CollectionClass {
  const collectionClass = { [`${model.name}Collection`]: class extends Collection {} }[`${model.name}Collection`]!
  addScopes(collectionClass.prototype, model, Collection.prototype)
  return collectionClass as unknown as CollectionClass
}

/** A static method runs with the relation as `this`: `this.where` there goes on from the relation. */
function addScopes(prototype: object, model: ModelClass, reserved: object): void {
  const base = baseOf(model)?.base
  for (
    let ancestor = model;
    ancestor !== base && ancestor !== Function.prototype;
    ancestor = Object.getPrototypeOf(ancestor) as ModelClass
  ) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(ancestor))) {
      if (name === 'prototype' || name === 'name' || name === 'length' || name in reserved || Object.hasOwn(prototype, name)) continue
      Object.defineProperty(prototype, name, { ...descriptor, configurable: true })
    }
  }
}
