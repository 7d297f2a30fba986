import { pluralize, underscore } from '../../naming/index.ts'

/** The names that a model's routes have. */
export interface RouteKeys {
  /** `articles` */
  readonly routeKey: string
  /** `article` */
  readonly singularRouteKey: string
}

/** A record as polymorphic helpers see it. */
export interface Routable {
  toParam?(): unknown
  /** False for a record that isn't saved: its URL is that of the collection. */
  isPersisted?(): boolean
  /** The record that this object stands for. */
  toModel?(): object
}

/** A class of records. `modelName` replaces what its name says. */
export type RoutableClass = Function & { readonly modelName?: RouteKeys }

/** The keys of a class or of a record's class. */
export function routeKeysOf(model: object): RouteKeys {
  const modelClass = (typeof model === 'function' ? model : model.constructor) as RoutableClass
  if (modelClass.modelName?.routeKey !== undefined) return modelClass.modelName
  const singular = underscore(modelClass.name).replaceAll('/', '_')
  const plural = pluralize(singular)
  return { singularRouteKey: singular, routeKey: plural === singular ? `${plural}_index` : plural }
}

/** The record behind an object. */
export function toModel(record: Routable): object {
  return record.toModel?.() ?? record
}

/** A route's name as that of a method: `edit_api_v1_article` → `editApiV1Article`. */
export function helperName(routeName: string): string {
  // By hand, since an expression with a function takes a large part of a boot.
  let name = ''
  let start = 0
  let at = routeName.indexOf('_', 1)
  while (at > 0) {
    let end = at
    while (routeName.charCodeAt(end) === underscoreCode) end++
    const isWord = isLetterOrDigit(routeName.charCodeAt(end)) && routeName.charCodeAt(at - 1) !== underscoreCode
    name += routeName.slice(start, isWord ? at : end)
    if (isWord) name += routeName[end]!.toUpperCase()
    start = isWord ? end + 1 : end
    at = routeName.indexOf('_', start)
  }
  return name + routeName.slice(start)
}

const underscoreCode = 95

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
}
