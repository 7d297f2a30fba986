import { currentLocale, translate as findText, withLocale } from '../model/index.ts'

/** How a text is looked up and what is put into it: every other name fills its `%{name}`. */
export interface TranslateOptions {
  /** What stands before the key: `'errors'` for `errors.not_found`. */
  readonly scope?: string | readonly string[]
  /** The text when there is none in the locale files. */
  readonly default?: string
  /** Chooses between `one` and `other` (and `zero`, where there is one), and fills `%{count}`. */
  readonly count?: number
  /** Default: the language of the request or job. */
  readonly locale?: string
  readonly [name: string]: unknown
}

/** The text of a key in `config/locales`, as `I18n.t` finds it. Of several keys the first that has a text.
 *
 * @returns `Translation missing: en.errors.x` where there is neither a text nor a default
 * @example translate('errors.429')
 * @example translate('greeting', { name: user.name, count: 3 })
 */
export function translate(key: string | readonly string[], options: TranslateOptions = {}): string {
  const { locale } = options
  return locale === undefined || locale === currentLocale() ? translated(key, options) : withLocale(locale, () => translated(key, options))
}

function translated(key: string | readonly string[], { scope = [], default: fallback, locale: _, ...values }: TranslateOptions): string {
  const keys = [key].flat().map((one) => [scope, one].flat().join('.'))
  const { count } = values
  const found = (count === 0 ? findText(() => keys.map((one) => `${one}.zero`)) : undefined) ?? findText(() => keys, count)
  const text = found ?? fallback
  return text === undefined ? `Translation missing: ${currentLocale()}.${keys[0]}` : filled(text, values)
}

/** A text with its `%{name}`s filled; `%%{name}` stands for itself. Names without a value stay, so that they are seen. */
function filled(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/%?%\{(\w+)\}/g, (match, name: string) => {
    if (match.startsWith('%%')) return match.slice(1)
    return Object.hasOwn(values, name) ? String(values[name]) : match
  })
}
