import { UrlGenerationError } from '../errors.ts'
import { isHash } from './query.ts'
import { type Routable, routeKeysOf, toModel } from './naming.ts'

/** The route and arguments of a record, a class, a name, or a list of them (`['admin', article, comment]`).
 * @see https://api.rubyonrails.org/classes/ActionDispatch/Routing/PolymorphicRoutes.html
 */
export function polymorphicTarget(target: unknown, action: string | undefined): { name: string; args: unknown[] } {
  const parts = (Array.isArray(target) ? target : [target]).filter((part) => part !== null && part !== undefined)
  const last = parts.pop()
  if (last === undefined) throw new UrlGenerationError({ given: 'nothing: the record is missing' })
  const args: unknown[] = []
  const words = parts.map((part) => parentWord(part, args))
  words.push(lastWord(last, action, args))
  return { name: `${action === undefined ? '' : `${action}_`}${words.join('_')}`, args }
}

function parentWord(part: unknown, args: unknown[]): string {
  if (typeof part === 'string') return part
  const model = typeof part === 'function' ? part : toModel(part as Routable)
  args.push(model)
  return routeKeysOf(model).singularRouteKey
}

function lastWord(part: unknown, action: string | undefined, args: unknown[]): string {
  if (typeof part === 'string') return part
  if (typeof part === 'function') return collectionWord(part, action)
  const model = toModel(part as Routable) as Routable
  if (model.isPersisted?.() === false) return collectionWord(model, action)
  args.push(model)
  return routeKeysOf(model).singularRouteKey
}

function collectionWord(model: object, action: string | undefined): string {
  const keys = routeKeysOf(model)
  return action === 'new' ? keys.singularRouteKey : keys.routeKey
}

/** Whether `urlFor` was given records rather than options. */
export function isPolymorphic(target: unknown): boolean {
  return Array.isArray(target) || typeof target === 'function' || (typeof target === 'object' && target !== null && !isHash(target))
}
