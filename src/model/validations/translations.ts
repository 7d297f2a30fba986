import { currentExecution, PerApplication, withExecution } from '../../context/index.ts'
import { humanize, underscore } from '../../naming/index.ts'
import type { HumanNameOptions } from '../model_name.ts'
import { fill } from './messages.ts'

/** Texts by locale and key, as Rails' locale files hold them: `{ nb: { activerecord: { errors: { messages: { blank: 'må fylles ut' } } } } }`. */
export interface Texts {
  readonly [key: string]: string | Texts | unknown
}

/** What an application says in its languages. */
export interface Translations {
  readonly texts: Texts
  /** Where no other was asked for with {@link withLocale}. */
  readonly defaultLocale: string
  /** Whether models and attributes have formats of their own for the sentences of their errors, as `errors.models.user.attributes.email.format`. */
  readonly customizesFullMessages?: boolean
}

/** Texts by locale and by their whole key, `activerecord.errors.messages.blank`. */
class Dictionary {
  readonly defaultLocale: string
  readonly customizesFullMessages: boolean
  readonly #locales = new Map<string, Map<string, string>>()

  constructor({ texts, defaultLocale, customizesFullMessages = false }: Translations) {
    this.defaultLocale = defaultLocale
    this.customizesFullMessages = customizesFullMessages
    for (const [locale, tree] of Object.entries(texts)) {
      const flat = new Map<string, string>()
      flatten(tree, '', flat)
      this.#locales.set(locale, flat)
    }
  }

  find(locale: string, keys: readonly string[], count: unknown): string | undefined {
    const texts = this.#locales.get(locale)
    if (texts === undefined) return undefined
    for (const key of keys) {
      const none = count === 0 ? texts.get(`${key}.zero`) : undefined
      const text = texts.get(key) ?? none ?? texts.get(`${key}.${count === 1 ? 'one' : 'other'}`)
      if (text !== undefined) return text
    }
    return undefined
  }
}

function flatten(tree: unknown, path: string, into: Map<string, string>): void {
  if (typeof tree === 'string') into.set(path, tree)
  else if (typeof tree === 'object' && tree !== null)
    for (const [name, below] of Object.entries(tree)) flatten(below, path === '' ? name : `${path}.${name}`, into)
}

const dictionaries = new PerApplication<Dictionary>()

/** Sets what an application says, and code outside of any. */
export function useTranslations(translations: Translations | undefined, application?: object): void {
  dictionaries.use(translations === undefined ? undefined : new Dictionary(translations), application)
}

/** Forgets what an application said: it has stopped. */
export function releaseTranslations(application: object): void {
  dictionaries.release(application)
}

/** Runs `work` in a language: messages of errors and names of attributes inside are in it. `await` inside keeps it.
 * @example aroundAction: (controller, proceed) => withLocale(controller.params.string('locale') ?? 'en', proceed)
 */
export function withLocale<T>(locale: string, work: () => T): T {
  return withExecution({ locale }, work)
}

/** The language of this request or job. */
export function currentLocale(): string {
  return currentExecution()?.locale ?? dictionaries.current?.defaultLocale ?? 'en'
}

/** The first text that one of some keys has in the current language; undefined when there is none. */
export function translate(keys: () => readonly string[], count?: unknown): string | undefined {
  return dictionaries.current?.find(currentLocale(), keys(), count)
}

/** The keys in locale files of a class and those it descends from: `user`, `person`. */
function keysOf(model: Function): string[] {
  const keys: string[] = []
  for (let each: unknown = model; typeof each === 'function' && each.name !== ''; each = Object.getPrototypeOf(each))
    keys.push(underscore(each.name))
  return keys
}

/** The text of an error of a model, where Rails looks for it. */
export function errorText(model: Function, attribute: string, type: string, count: unknown): string | undefined {
  const plain = attribute.replace(/\[\d+\]/g, '')
  return translate(
    () => [
      ...keysOf(model).flatMap((key) => [
        `activerecord.errors.models.${key}.attributes.${plain}.${type}`,
        `activerecord.errors.models.${key}.${type}`,
      ]),
      `activerecord.errors.messages.${type}`,
      `errors.attributes.${plain}.${type}`,
      `errors.messages.${type}`,
    ],
    count,
  )
}

/** What people call an attribute: its name in a locale file, else the name as words; of `pets.title` the last. */
export function humanAttributeName(model: Function, attribute: string, { count = 1, default: otherwise }: HumanNameOptions = {}): string {
  const found = translate(() => {
    const place = attribute.lastIndexOf('.')
    if (place < 0) return [...keysOf(model).map((key) => `activerecord.attributes.${key}.${attribute}`), `attributes.${attribute}`]
    const [namespace, name] = [attribute.slice(0, place).replaceAll('.', '/'), attribute.slice(place + 1)]
    const own = keysOf(model).map((key) => `activerecord.attributes.${key}/${namespace}.${name}`)
    return [...own, `activerecord.attributes.${namespace}.${name}`, `attributes.${name}`]
  }, count)
  return found ?? otherwise ?? humanize(attribute.slice(attribute.lastIndexOf('.') + 1))
}

/** The sentence of an error: what people call its attribute, and its message, in the format that a locale file has for sentences. */
export function fullMessage(model: Function, attribute: string, message: string): string {
  if (attribute === 'base') return message
  const customizes = dictionaries.current?.customizesFullMessages === true
  const name = customizes ? attribute.replace(/\[\d+\]/g, '') : attribute
  const format = translate(() => [...(customizes ? formatsOf(model, name) : []), 'errors.format']) ?? '%{attribute} %{message}'
  return fill(format, { attribute: humanAttributeName(model, name, { default: humanize(name.replaceAll('.', '_')) }), message })
}

function formatsOf(model: Function, attribute: string): string[] {
  const place = attribute.lastIndexOf('.')
  const below = place < 0 ? '' : `/${attribute.slice(0, place).replaceAll('.', '/')}`
  return keysOf(model).flatMap((key) => {
    const scope = `activerecord.errors.models.${key}${below}`
    return [`${scope}.attributes.${attribute.slice(place + 1)}.format`, `${scope}.format`]
  })
}

/** What people call a model. */
export function humanModelName(model: Function, count: unknown = 1): string | undefined {
  return translate(() => keysOf(model).flatMap((key) => [`activerecord.models.${key}`, `activemodel.models.${key}`]), count)
}
