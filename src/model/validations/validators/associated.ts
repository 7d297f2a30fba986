import type { Collection } from '../../associations/collection.ts'
import type { Reflection } from '../../associations/reflection.ts'
import { loadedOf } from '../../associations/state.ts'
import { isRecord, readAttribute } from '../../record/attribute_access.ts'
import type { ModelRecord } from '../../record/model_record.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The associated records are valid: `validatesAssociated`. */
export const associated: ValidatorFactory = (options) => async (record, attribute, value) => {
  const records = isRecord(value) ? [value as ModelRecord] : Array.isArray(value) ? (value as ModelRecord[]) : []
  let areValid = true
  for (const each of records) if (!(await each.isValid())) areValid = false
  if (!areValid) record.errors.add(attribute, 'invalid', errorOptions(options, { value }))
}

/** The owner of a belongsTo is there: asked when the key is missing or changed, or when a record was assigned. */
export async function requiredOwner(reflection: Reflection, record: ModelRecord): Promise<void> {
  const key = readAttribute(record, reflection.ownerKey)
  const loaded = loadedOf(record, reflection)
  if (loaded !== undefined && loaded !== null) return
  if (key !== null && loaded === undefined && !record.isNewRecord() && !record.attributeChanged(reflection.ownerKey)) return
  const owner = key === null ? null : ((await Reflect.get(record, reflection.name)) as ModelRecord | null)
  if (owner === null) record.errors.add(reflection.name, 'blank', { message: 'required' })
}

/** New children (with `autosave`, changed ones too) are valid. */
export async function validChildren(reflection: Reflection, record: ModelRecord): Promise<void> {
  const loaded = loadedOf(record, reflection)
  if (loaded === undefined || loaded === null) return
  const { autosave, indexErrors } = reflection.options
  const children = isRecord(loaded) ? [loaded as ModelRecord] : [...(loaded as Collection).target]
  for (const [place, child] of children.entries()) {
    if (!child.isNewRecord() && !(autosave === true && child.isChanged())) continue
    if (await child.isValid()) continue
    if (autosave !== true) {
      if (!record.errors.isOfKind(reflection.name, 'invalid')) record.errors.add(reflection.name, 'invalid')
      continue
    }
    const prefix = indexErrors ? `${reflection.name}[${place}]` : reflection.name
    for (const error of child.errors)
      importOnce(record, error.attribute === 'base' ? reflection.name : `${prefix}.${error.attribute}`, error)
  }
}

function importOnce(record: ModelRecord, attribute: string, error: Parameters<ModelRecord['errors']['import']>[0]): void {
  if (!record.errors.get(attribute).includes(error.message)) record.errors.import(error, attribute)
}
