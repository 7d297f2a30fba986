import { camelize, upcaseFirst } from '../../naming/index.ts'
import { RecordNotSaved } from '../errors.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { Reference } from './reference.ts'
import type { Reflection } from './reflection.ts'
import { discardReplaced } from './replaced.ts'
import { forgetAssociation } from './state.ts'
import { writeThrough } from './through_record.ts'

type Define = (member: string, value: (this: ModelRecord, attributes?: object) => unknown) => void

/** Defines what a record has for an association to one beside the record itself: `buildProfile()`, `createProfile()`, `reloadProfile()`,
 * `resetProfile()`, and for a belongsTo `authorChanged()` and `authorPreviouslyChanged()`. */
export function defineSingularMembers(prototype: object, reflection: Reflection): void {
  const define: Define = (member, value) => void Object.defineProperty(prototype, member, { configurable: true, writable: true, value })
  if (!reflection.isPolymorphic) defineMakers(define, reflection)
  defineReaders(define, reflection)
  if (reflection.kind === 'belongsTo') definePredicates(define, reflection)
}

function defineMakers(define: Define, reflection: Reflection): void {
  const name = memberName(reflection)
  const build = (owner: ModelRecord, attributes: object): ModelRecord => {
    const record = new reflection.target(attributes)
    Reflect.set(owner, reflection.name, record)
    return record
  }
  define(`build${name}`, function (attributes = {}) {
    return build(this, attributes)
  })
  define(`create${name}`, async function (attributes = {}) {
    requireSaved(this, reflection)
    const record = build(this, attributes)
    if (await record.save()) await settleCreated(this, reflection)
    if (reflection.kind === 'belongsTo') Reflect.set(this, reflection.name, record)
    return record
  })
  define(`create${name}OrThrow`, async function (attributes = {}) {
    requireSaved(this, reflection)
    const record = await build(this, attributes).saveOrThrow()
    await settleCreated(this, reflection)
    if (reflection.kind === 'belongsTo') Reflect.set(this, reflection.name, record)
    return record
  })
}

/** After a record was created for an association: what was there before goes, or the record between leads to it. */
async function settleCreated(owner: ModelRecord, reflection: Reflection): Promise<void> {
  if (reflection.through === undefined) await discardReplaced(owner, reflection)
  else await writeThrough(owner, reflection)
}

/** A record that belongs to another can't be saved before it. */
function requireSaved(owner: ModelRecord, { kind }: Reflection): void {
  if (kind !== 'belongsTo' && owner.isNewRecord())
    throw new RecordNotSaved({ reason: 'You cannot call create unless the parent is saved', record: owner })
}

function defineReaders(define: Define, reflection: Reflection): void {
  const name = memberName(reflection)
  define(`reload${name}`, function () {
    return new Reference(this, reflection).reload()
  })
  define(`reset${name}`, function () {
    forgetAssociation(this, reflection)
  })
}

/** As Rails' `author_changed?` and `author_previously_changed?`: whether the record belongs to another one than before. */
function definePredicates(define: Define, reflection: Reflection): void {
  const name = camelize(reflection.name, 'lower')
  const keys = (): string[] => (reflection.isPolymorphic ? [...reflection.ownerKeys, reflection.typeColumn!] : [...reflection.ownerKeys])
  define(`${name}Changed`, function () {
    return keys().some((key) => this.attributeChanged(key))
  })
  define(`${name}PreviouslyChanged`, function () {
    return keys().some((key) => this.attributePreviouslyChanged(key))
  })
}

function memberName(reflection: Reflection): string {
  return upcaseFirst(camelize(reflection.name, 'lower'))
}
