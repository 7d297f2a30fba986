import { childrenToSave } from '../../associations/autosave.ts'
import type { Collection } from '../../associations/collection.ts'
import { readKey } from '../../associations/keys.ts'
import type { Reflection } from '../../associations/reflection.ts'
import { loadedOf } from '../../associations/state.ts'
import { isRecord } from '../../record/attribute_access.ts'
import type { ModelRecord } from '../../record/model_record.ts'
import { errorOptions, type ValidatorFactory } from '../validator.ts'

/** The associated records are valid: `validatesAssociated`. */
export const associated: ValidatorFactory = (options) => async (record, attribute, value) => {
  const records = [remaining(value)].flat().filter(isRecord) as ModelRecord[]
  const context = ownContext(record)
  let areValid = true
  for (const each of records) if (!(await each.isValid(context))) areValid = false
  if (!areValid) record.errors.add(attribute, 'invalid', errorOptions(options, { value }))
}

/** Associated records without those that are going to be destroyed. */
export function remaining(value: unknown): unknown {
  const isLeaving = (each: unknown): boolean => isRecord(each) && (each as ModelRecord).isMarkedForDestruction()
  if (Array.isArray(value)) return value.some(isLeaving) ? value.filter((each) => !isLeaving(each)) : value
  return isLeaving(value) ? null : value
}

/** The context of a validation that is of the application's own. */
function ownContext({ validationContext }: ModelRecord): string | readonly string[] | undefined {
  return validationContext === 'create' || validationContext === 'update' ? undefined : validationContext
}

/** The owner of a belongsTo is there: asked when the key is missing or changed, or when a record was assigned. */
export async function requiredOwner(reflection: Reflection, record: ModelRecord): Promise<void> {
  const { ownerKeys } = reflection
  const key = readKey(record, ownerKeys)
  const loaded = loadedOf(record, reflection)
  if (loaded !== undefined && loaded !== null) return
  if (key !== null && loaded === undefined && !record.isNewRecord() && !ownerKeys.some((name) => record.attributeChanged(name))) return
  const owner = key === null ? null : ((await Reflect.get(record, reflection.name)) as ModelRecord | null)
  if (owner === null) record.errors.add(reflection.name, 'blank', { message: 'required' })
}

/** What is being validated of which records: each may be reached again from the records that it reaches. */
const underWay = new WeakMap<ModelRecord, Set<Reflection>>()

/** The associated records that are saved with the record are valid; in a context of the application's own, all in memory, in that context.
 * Their errors become its own with `autosave`. As in Rails, records that lead back to this one find it valid in this respect. */
export async function validAssociated(reflection: Reflection, record: ModelRecord): Promise<void> {
  const loaded = loadedOf(record, reflection)
  if (loaded === undefined || loaded === null) return
  const reflections = underWay.get(record) ?? new Set()
  if (reflections.has(reflection)) return
  underWay.set(record, reflections.add(reflection))
  try {
    await validateLoaded(reflection, record, loaded)
  } finally {
    reflections.delete(reflection)
  }
}

async function validateLoaded(reflection: Reflection, record: ModelRecord, loaded: unknown): Promise<void> {
  const context = ownContext(record)
  if (isRecord(loaded)) {
    const only = loaded as ModelRecord
    if (context !== undefined || only.isChangedForAutosave()) await validateOne(reflection, record, only, reflection.name, context)
    return
  }
  const { target } = loaded as Collection
  const { indexErrors } = reflection.options
  const children = context === undefined ? childrenToSave(record, reflection, target) : target
  for (const child of children)
    await validateOne(reflection, record, child, indexErrors ? `${reflection.name}[${target.indexOf(child)}]` : reflection.name, context)
}

async function validateOne(
  reflection: Reflection,
  record: ModelRecord,
  child: ModelRecord,
  prefix: string,
  context: string | readonly string[] | undefined,
): Promise<void> {
  const isAutosaved = reflection.options.autosave === true
  if (child.isDestroyed() || (isAutosaved && child.isMarkedForDestruction()) || (await child.isValid(context))) return
  // Rows that aren't valid may be referred to all the same.
  if (context === undefined && !child.isChangedForAutosave()) return
  if (!isAutosaved) {
    if (!record.errors.isOfKind(reflection.name, 'invalid')) record.errors.add(reflection.name, 'invalid')
    return
  }
  // As in Rails, what is wrong with several records in the same way is said once.
  for (const error of child.errors) {
    const attribute = `${prefix}.${error.attribute}`
    if (!record.errors.get(attribute).includes(error.message)) record.errors.import(error, attribute)
  }
}
