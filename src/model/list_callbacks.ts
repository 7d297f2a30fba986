import type { CallbackDeclaration } from './callbacks/declaration.ts'
import { list } from './callbacks/guard.ts'
import { infoOf } from './model_info.ts'
import type { ModelClass } from './record/model_record.ts'

/** One callback as listings show it. */
export interface ListedCallback {
  readonly event: string
  readonly position: string
  /** The name of the method, or the start of the function. */
  readonly callback: string
  readonly on: readonly string[]
  readonly isConditional: boolean
}

/** The callbacks of a class, those of its associations among them, in the order in which they run.
 * @example listCallbacks(Article)
 */
export function listCallbacks(model: object): ListedCallback[] {
  return infoOf(model as ModelClass).callbacks.declarations.map((callback) => ({
    event: callback.event,
    position: callback.position,
    callback: nameOf(callback),
    on: list(callback.options.on),
    isConditional: callback.options.if !== undefined || callback.options.unless !== undefined,
  }))
}

function nameOf({ body, label, subject }: CallbackDeclaration): string {
  if (subject !== undefined) return typeof subject === 'function' ? subject.name : subject.constructor.name
  if (label !== undefined) return label
  if (typeof body === 'string') return body
  return body.name || body.toString().replace(/\s+/g, ' ').slice(0, 60)
}
