import { camelize } from '../../src/naming/index.ts'
import { type CallNode, is, type NodeOf, type RubyNode, RubyRegexp, tryEvaluate } from '../ruby/index.ts'
import { type Code, object, type Property, quote } from '../typescript/index.ts'
import { constraintCode, deny, isHashLike } from './constraints.ts'
import { expression, hashProperty } from './expressions.ts'
import { endpointCode } from './endpoints.ts'
import { constraintName } from './request_names.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

type OptionTranslator = (value: RubyNode, translation: Translation) => Code

/** Options whose loss would open, close or move a route: a statement that has one we can't read goes out as a comment. */
const essential = new Set('to only except via path controller module action on param concerns at shallow'.split(' '))

/** Options without which a route matches what it matched. Any other may say what a segment must be. */
const harmless = new Set(
  'as defaults path_names shallow_path shallow_prefix internal protocol host port subdomain domain params only_path trailing_slash script_name tld_length'.split(
    ' ',
  ),
)

/** Options whose names are spelled differently here. */
const renamed = new Set('path_names shallow_path shallow_prefix'.split(' '))

/** Options of URLs that are spelled differently here. As defaults of a route they decide how its URLs are written. */
const urlOptions = new Set('only_path trailing_slash script_name tld_length'.split(' '))

/** Options whose values need more than the translation of an expression. */
const special: Record<string, OptionTranslator> = {
  to: endpointCode,
  constraints: constraintCode,
  path_names: (value, translation) => nestedOptions(value, translation),
  defaults: (value, translation) => nestedOptions(value, translation, urlOption),
}

/** Translates the keywords of a DSL call.
 *
 * An option that can't be translated is left out, remarked above the statement and reported, unless the route would mean
 * something else without it.
 * @throws Untranslatable for an essential option
 */
export function optionProperties(call: CallNode, pairs: readonly RubyNode[], translation: Translation): Property[] {
  const properties = allProperties(call, pairs, translation)
  // Where nothing may pass, nothing else needs to be asked; resources take no expressions beside a function either.
  const denied = properties.find(({ key, value }) => key === 'constraints' && value === 'denied')
  if (!denied) return properties
  const isOfResources = call.name === 'resources' || call.name === 'resource'
  const expressions = isOfResources ? pairs.filter((pair) => is(pair, 'AssocNode') && isExpression(pair, translation)).map(optionKey) : []
  return properties.filter((property) => property === denied || (property.key !== 'constraints' && !expressions.includes(property.key)))
}

function allProperties(call: CallNode, pairs: readonly RubyNode[], translation: Translation): Property[] {
  return pairs.flatMap((pair) => {
    const key = optionKey(pair)
    try {
      if (key === undefined) return [hashProperty(pair, translation)]
      if (asksNoFormat(call, key, pair)) {
        translation.report(pair, translation.source.slice(pair), 'note', 'a symbol asks for no format in Rails')
        return [{ key, value: 'null' }]
      }
      const value = optionValue(key, pair as NodeOf<'AssocNode'>, translation)
      // An expression is what a segment of that name, or the request, must be.
      const spelled = isExpression(pair, translation) ? constraintName(key, pair, translation) : urlOption(key)
      return [{ key: renamed.has(key) ? camelize(key, 'lower') : spelled, value }]
    } catch (error) {
      if (!(error instanceof Untranslatable) || key === undefined || essential.has(key)) throw error
      if (!harmless.has(key)) return [{ key: 'constraints', value: denySegment(key, pair, error, translation) }]
      translation.remark(pair, `${call.name}(… ${translation.source.slice(pair)})`, `the option ${key} was left out: ${error.message}`)
      return []
    }
  })
}

function isExpression(pair: RubyNode, translation: Translation): boolean {
  const value = (pair as NodeOf<'AssocNode'>).value as RubyNode
  if (is(value, 'RegularExpressionNode', 'InterpolatedRegularExpressionNode')) return true
  return tryEvaluate(value, translation.scope) instanceof RubyRegexp
}

function denySegment(key: string, pair: RubyNode, error: Untranslatable, translation: Translation): Code {
  return deny(pair, translation.source.slice(pair), `what ${key} must be is not known: ${error.message}`, translation)
}

/** Whether a format is a symbol: Rails asks whether it is a text, an expression or a boolean. As a default it is a value like any other. */
function asksNoFormat(call: CallNode, key: string, pair: RubyNode): boolean {
  const isDefault = ['defaults', 'default_url_options', 'direct', 'resolve'].includes(call.name)
  return key === 'format' && !isDefault && is((pair as NodeOf<'AssocNode'>).value as RubyNode, 'SymbolNode')
}

/** The name of a symbol-keyed option; undefined for splats and for keys of other types. */
export function optionKey(pair: RubyNode): string | undefined {
  return is(pair, 'AssocNode') && is(pair.key as RubyNode, 'SymbolNode') ? (pair.key as NodeOf<'SymbolNode'>).unescaped.value : undefined
}

/** The name of an option of URLs as it is spelled here. */
export function urlOption(key: string): string {
  return urlOptions.has(key) ? camelize(key, 'lower') : key
}

/** Translates the value of one option. */
export function optionValue(key: string, pair: NodeOf<'AssocNode'>, translation: Translation): Code {
  const value = pair.value as RubyNode
  // `path: nil` adds nothing to the path, as an empty one does.
  if (key === 'path' && is(value, 'NilNode')) return quote('')
  const translate = Object.hasOwn(special, key) ? special[key]! : expression
  return translate(is(value, 'ImplicitNode') ? (value.value as RubyNode) : value, translation)
}

function nestedOptions(value: RubyNode, translation: Translation, rename?: (key: string) => string): Code {
  if (!isHashLike(value)) return expression(value, translation)
  return object((value.elements as RubyNode[]).map((element) => hashProperty(element, translation, rename)))
}
