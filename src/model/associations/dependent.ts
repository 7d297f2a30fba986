import { abort } from '../../errors/index.ts'
import { DeleteRestricted } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { extraOf } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { AssociationCallback } from './callbacks.ts'
import { clearedKeys } from './accessors.ts'
import { leaveDependents } from './destroy_later.ts'
import { keyConditions, readKey } from './keys.ts'
import { setInverse } from './state.ts'
import { humanAttributeName } from '../validations/translations.ts'
import { associationClauses } from './query.ts'
import type { Reflection } from './reflection.ts'

/** What the `dependent` option does when the owner is destroyed; the owner of a belongsTo is destroyed after its record. */
export function dependentCallbacks(reflection: Reflection): AssociationCallback[] {
  const { dependent } = reflection.options
  if (dependent === undefined) return []
  if (reflection.kind === 'belongsTo') return [{ event: 'destroy', position: 'after', work: (record) => destroyOwner(reflection, record) }]
  return [{ event: 'destroy', position: 'before', work: (record) => handleDependents(reflection, record) }]
}

async function destroyOwner(reflection: Reflection, record: ModelRecord): Promise<void> {
  const owner = (await Reflect.get(record, reflection.name)) as ModelRecord | null
  if (owner === null) return
  const { dependent } = reflection.options
  if (dependent === 'destroyAsync') {
    const info = infoOf(owner.constructor as never)
    const names = info.schema.primaryKey.map(({ name }) => name)
    const rows = info.relation(info.unscopedClauses.and(keyConditions(info, names, readKey(owner, names))))
    await leaveDependents(reflection, rows, info)
  } else if (dependent === 'destroy') await owner.destroyOrThrow()
  else await owner.delete()
}

async function handleDependents(reflection: Reflection, record: ModelRecord): Promise<void> {
  const target = infoOf(reflection.target)
  const rows = target.relation(associationClauses(record, reflection))
  // An association to one has the first of the rows alone, however many there are: as in Rails, the others stay.
  const dependents = reflection.isCollection ? rows : rows.limit(1)
  switch (reflection.options.dependent) {
    case 'destroy':
      for (const each of await dependents) {
        setInverse(record, reflection, each)
        extraOf(each).destroyedBy = reflection.name
        await each.destroyOrThrow()
      }
      break
    case 'destroyAsync':
      await leaveDependents(reflection, dependents, target)
      break
    case 'deleteAll':
    case 'delete':
      if (reflection.isCollection) await dependents.deleteAll()
      else await ((await dependents.take()) as ModelRecord | null)?.delete()
      break
    case 'nullify':
      if (reflection.isCollection) await dependents.updateAll(clearedKeys(reflection))
      else await ((await dependents.take()) as ModelRecord | null)?.updateColumns(clearedKeys(reflection))
      break
    case 'restrictWithException':
      if (await dependents.exists()) throw new DeleteRestricted({ association: reflection.name })
      break
    default:
      if (!(await dependents.exists())) return
      record.errors.add('base', reflection.isCollection ? 'restrict_dependent_destroy.has_many' : 'restrict_dependent_destroy.has_one', {
        record: humanAttributeName(record.constructor, reflection.name).toLowerCase(),
      })
      abort()
  }
}
