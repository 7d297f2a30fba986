import { humanize, pluralize, tableize, underscore } from '../naming/index.ts'

/** How people are told a name. */
export interface HumanNameOptions {
  /** Of how many, for locale files that have forms of the name. Default 1. */
  readonly count?: number
  /** What is said where no locale file names it. */
  readonly default?: string
}

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
  /** `Blog post`, or what a locale file says, also of several.
   * @example Article.modelName.human({ count: 2 }) // 'Articles', where a locale file says so
   */
  human(options?: HumanNameOptions): string
  /** `blog_post`: its key in locale files. */
  readonly i18nKey: string
}

/** The names that follow from a class's. */
export function modelName(name: string, translated: (count: number) => string | undefined = () => undefined): ModelName {
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
    human: ({ count = 1, default: otherwise } = {}) => translated(count) ?? otherwise ?? humanize(singular),
    i18nKey: singular,
  }
}
