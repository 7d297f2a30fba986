import { InvalidArgument } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { extraOf } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { EXTRA } from '../record/record_state.ts'
import { placeRecord } from './accessors.ts'
import type { AssociationCallback } from './callbacks.ts'
import { Reference } from './reference.ts'
import type { Reflection } from './reflection.ts'
import { loadedOf, setCached } from './state.ts'

/** Assigns the record of a hasOne through another association, or none: the record between leads to it, is made where there is none, and goes where
 * there is nothing to lead to. That is done when the owner is saved.
 * @throws InvalidArgument where the record between has no key that could be written
 */
export function assignThrough(owner: AttributeRecord, reflection: Reflection, record: ModelRecord | null): void {
  refuseFixed(reflection, record)
  setCached(owner, reflection, record)
  if (owner.isNewRecord() && record !== null) lead(owner, reflection, betweenInMemory(owner, reflection) ?? null, record)
  else {
    const extra = extraOf(owner)
    extra.throughs ??= new Set()
    extra.throughs.add(reflection.name)
  }
}

/** When the record between is written: before the owner that refers to it, or after the owner that it refers to. */
export function throughCallbacks(reflection: Reflection): AssociationCallback[] {
  const work = (record: ModelRecord) => (record[EXTRA]?.throughs?.has(reflection.name) ? writeThrough(record, reflection) : undefined)
  if (reflection.through!.kind !== 'belongsTo') return [{ event: 'save', position: 'after', work, isAutosave: true }]
  return [
    { event: 'save', position: 'before', work, isAutosave: true },
    { event: 'save', position: 'after', work: (record) => destroyLeft(record), isAutosave: true },
  ]
}

/** Does to the record between what an assignment asked for. */
export async function writeThrough(owner: ModelRecord, reflection: Reflection): Promise<void> {
  owner[EXTRA]!.throughs!.delete(reflection.name)
  const through = reflection.through!
  const known = betweenInMemory(owner, reflection)
  const between = known === undefined ? await new Reference(owner, through).load() : known
  const record = (loadedOf(owner, reflection) ?? null) as ModelRecord | null
  if (record !== null) {
    const leading = lead(owner, reflection, between, record)
    await leading.save()
    if (through.kind === 'belongsTo') placeRecord(owner, through, leading)
  } else if (between !== null) {
    placeRecord(owner, through, null)
    // A row that the owner refers to stays until the owner doesn't.
    if (through.kind === 'belongsTo') left.set(owner, between)
    else await between.destroyOrThrow()
  }
}

const left = new WeakMap<ModelRecord, ModelRecord>()

async function destroyLeft(owner: ModelRecord): Promise<void> {
  const between = left.get(owner)
  left.delete(owner)
  await between?.destroyOrThrow()
}

function betweenInMemory(owner: AttributeRecord, { through }: Reflection): ModelRecord | null | undefined {
  return loadedOf(owner, through!) as ModelRecord | null | undefined
}

/** Has the record between lead to a record, in memory; makes one where there is none. */
function lead(owner: AttributeRecord, { through, source }: Reflection, between: ModelRecord | null, record: ModelRecord): ModelRecord {
  const leading = between ?? new (infoOf(through!.target).model as unknown as new () => ModelRecord)()
  Reflect.set(leading, source.name, record)
  if (between === null) placeRecord(owner, through!, leading)
  return leading
}

/** @throws InvalidArgument as Rails' `HasOneThroughNestedAssociationsAreReadonly` and `HasOneThroughCantAssociateThroughHasOneOrManyReflection` */
function refuseFixed({ through, source, name, info }: Reflection, record: ModelRecord | null): void {
  const which = `${info.model.name}.${name}`
  if (through!.through !== undefined || source.through !== undefined)
    throw new InvalidArgument({ reason: `${which} can't be assigned, because it goes through more than one other association.` })
  if (record !== null && source.kind !== 'belongsTo')
    throw new InvalidArgument({
      reason: `${which} can't be assigned, because ${source.info.model.name}.${source.name} is a ${source.kind}: assign it there.`,
    })
}
