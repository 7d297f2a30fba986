import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import type { Reflection } from './reflection.ts'

/** Whether an association leads to one record through many, of which nobody knows which is meant. */
export function leadsThroughCollection({ kind, options }: Reflection, info: ModelInfo): boolean {
  return kind === 'hasOne' && options.through !== undefined && info.reflections.get(options.through)?.kind === 'hasMany'
}

/** The error of using such an association: Rails' `HasOneThroughCantAssociateThroughCollection`. */
export function throughCollection({ name, options }: Reflection, info: ModelInfo): InvalidArgument {
  const model = info.model.name
  return new InvalidArgument({
    reason: `hasOne '${name}' of ${model} goes through '${options.through}', which is a collection: go through a hasOne or belongsTo.`,
  })
}
