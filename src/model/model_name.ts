import { humanize, pluralize, tableize, underscore } from '../naming/index.ts'

/** What a model is called in the places that name it: Rails' `model_name`. */
export interface ModelName {
  /** `BlogPost` */
  readonly name: string
  /** `blog_post` */
  readonly singular: string
  /** `blog_posts` */
  readonly plural: string
  /** `blog_post`: what forms and parameters call it. */
  readonly paramKey: string
  /** `blog_posts`: what routes call it. */
  readonly routeKey: string
  readonly singularRouteKey: string
  /** `blog_posts`: what caches call it. */
  readonly cacheKey: string
  /** `Blog post` */
  readonly human: string
  /** `blog_post`: its key in locale files. */
  readonly i18nKey: string
}

/** The names that follow from a class's. */
export function modelName(name: string, human?: string): ModelName {
  const singular = underscore(name)
  const plural = pluralize(singular)
  return {
    name,
    singular,
    plural,
    paramKey: singular,
    // As Rails does for words that are their own plural.
    routeKey: plural === singular ? `${plural}_index` : plural,
    singularRouteKey: singular,
    cacheKey: tableize(name),
    human: human ?? humanize(singular),
    i18nKey: singular,
  }
}
