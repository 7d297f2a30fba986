import {
  argumentsOf,
  blockOf,
  type CallNode,
  is,
  literalText,
  type NodeOf,
  parameterNames,
  RubyHash,
  type RubyNode,
} from '../ruby/index.ts'
import { array, call as callCode, type Code, object, type Property, quote } from '../typescript/index.ts'
import { constraintCode, deny, isHashLike } from './constraints.ts'
import { customUrl } from './custom_urls.ts'
import { endpointCode, mountCode } from './endpoints.ts'
import { pathOfSymbol } from './place.ts'
import { callee } from './callee.ts'
import { expression } from './expressions.ts'
import { optionKey, optionProperties, optionValue } from './options.ts'
import { blockArrow } from './statements.ts'
import { constraintName } from './request_names.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

type CallTranslator = (node: CallNode, translation: Translation) => Code

/** One translator for each call of the routing DSL. */
export const callTranslators: Record<string, CallTranslator> = {
  get: route,
  post: route,
  put: route,
  patch: route,
  delete: route,
  options: route,
  match: route,
  root,
  resources: plain,
  resource: plain,
  namespace: plain,
  scope: plain,
  member: plain,
  collection: plain,
  new: plain,
  nested: plain,
  shallow: plain,
  concern: plain,
  concerns: plain,
  defaults: plain,
  controller: plain,
  with_options: withOptions,
  constraints,
  mount: mountCode,
  draw: drawFile,
  connect: route,
  direct: customUrl,
  resolve: customUrl,
  default_url_options: settings,
  resources_path_names: pathNames,
  authenticate: guarded,
  authenticated: guarded,
  unauthenticated: guarded,
}

/** Whether a call without a receiver belongs to the DSL. */
export function isDslCall(name: string): boolean {
  return Object.hasOwn(callTranslators, name)
}

/** Translates a DSL call by the table, or says why it stays Ruby.
 *
 * @throws Untranslatable
 */
export function dslCall(node: CallNode, translation: Translation): Code {
  const translate = Object.hasOwn(callTranslators, node.name) ? callTranslators[node.name] : undefined
  if (!translate) throw new Untranslatable(node, `${node.name} is not part of the routing DSL`)
  return translate(node, translation)
}

/** The text of a call without its block. */
export function head(node: CallNode, translation: Translation): string {
  const end = node.block ? (node.block as RubyNode).location.startOffset : node.location.startOffset + node.location.length
  return translation.source.text(node.location.startOffset, end).trim()
}

function plain(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = splitArguments(node)
  const last = positional.at(-1)
  const passed = positional.length > 1 && last && holdsOptions(last, translation) ? last : undefined
  const names = positional.filter((argument) => argument !== passed).map((argument) => expression(argument, translation))
  const options = withKnownActions(node, optionProperties(node, pairs, translation), translation)
  const first = names.length > 1 ? [array(names)] : names
  if (!passed) return assemble(node, first, options, translation)
  const given = expression(passed, translation)
  return options.length > 0
    ? assemble(node, first, [{ key: '...', value: given }, ...options], translation)
    : assemble(node, [...first, given], [], translation)
}

const actionsOf: Record<string, string[]> = {
  resources: ['index', 'create', 'new', 'show', 'update', 'destroy', 'edit'],
  resource: ['create', 'new', 'show', 'update', 'destroy', 'edit'],
}

/** Actions that a resource doesn't have drew nothing before Rails 8, which refuses them; so they go. */
function withKnownActions(node: CallNode, options: readonly Property[], translation: Translation): readonly Property[] {
  const known = actionsOf[node.name]?.map(quote)
  if (!known || isOnRails(8, 0, translation)) return options
  return options.map((option) => {
    const { key, value } = option
    if (key !== 'only' && key !== 'except') return option
    const items = typeof value === 'string' ? [value] : value.type === 'array' ? value.items : []
    const unknown = items.filter((item) => typeof item === 'string' && /^'\w+'$/.test(item) && !known.includes(item))
    if (unknown.length === 0) return option
    translation.report(node, head(node, translation), 'note', `a ${node.name} has no action ${unknown.join(', ')}: nothing is drawn for it`)
    return { key, value: array(items.filter((item) => !unknown.includes(item))) }
  })
}

/** Whether an argument is a hash of options that was made elsewhere: a variable, or one that is merged. */
function holdsOptions(node: RubyNode, translation: Translation): boolean {
  if (is(node, 'LocalVariableReadNode'))
    return translation.optionVariables.has(node.name) || translation.scope.locals.get(node.name) instanceof RubyHash
  return is(node, 'CallNode') && ['merge', 'reverse_merge', 'deep_merge', 'except', 'slice', 'compact'].includes(node.name)
}

/** A verb; with several paths, the calls that it stands for. `get "path" => "controller#action"` becomes the path and `to`. */
function route(node: CallNode, translation: Translation): Code {
  const { positional, pairs: given } = splitArguments(node)
  // A route's own `path: nil` is as none; on a scope it takes the path away.
  const pairs = given.filter((pair) => !(optionKey(pair) === 'path' && is((pair as NodeOf<'AssocNode'>).value as RubyNode, 'NilNode')))
  const rocket =
    positional.length === 0 ? pairs.find((pair) => is(pair, 'AssocNode') && !is(pair.key as RubyNode, 'SymbolNode')) : undefined
  const options = optionProperties(
    node,
    pairs.filter((pair) => pair !== rocket),
    translation,
  )
  if (!is(rocket, 'AssocNode')) {
    if (positional.length === 0) throw new Untranslatable(node, 'the path is not given')
    if (positional.length > 1 && isOnRails(8, 1, translation)) throw new Untranslatable(node, 'Rails 8.1 takes one path a call')
    noteDynamic(node, positional[0]!, translation)
    const calls = positional.map((argument) => {
      return assemble(
        node,
        [expression(argument, translation)],
        [...ownPath(argument, optionNames(node, pairs, translation), translation), ...options],
        translation,
      )
    })
    return calls.length > 1 ? array(calls) : calls[0]!
  }
  noteDynamic(node, rocket.key as RubyNode, translation)
  return assemble(
    node,
    [expression(rocket.key as RubyNode, translation)],
    [rocketTarget(rocket.value as RubyNode, translation), ...options],
    translation,
  )
}

/** Whether the application runs on this version of Rails, or a later one. */
function isOnRails(wantedMajor: number, wantedMinor: number, { application }: Translation): boolean {
  const [major = 0, minor = 0] = (application.gemVersion('actionpack') ?? '').split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

/** A symbol names an action, whose path the resource may know; a text is a path. */
function ownPath(argument: RubyNode, options: readonly (string | undefined)[], translation: Translation): Property[] {
  if (!is(argument, 'SymbolNode') || options.includes('path')) return []
  const path = pathOfSymbol(argument.unescaped.value, translation.place, options.includes('on'))
  return path === undefined ? [] : [{ key: 'path', value: path === null ? 'null' : quote(path) }]
}

/** Such a path reaches any action, as it does in Rails, until somebody lists those it may. */
function noteDynamic(node: CallNode, path: RubyNode, translation: Translation): void {
  if (!/[:*](controller|action)\b/.test(literalText(path) ?? '')) return
  translation.isDynamic = true
  translation.report(
    node,
    head(node, translation),
    'note',
    'reaches any controller or action: list those it may reach in the option dynamic',
  )
}

/** Rails reads `"path" => value` as an action for a symbol, as a controller for a text without `#`, else as `to`. */
function rocketTarget(value: RubyNode, translation: Translation): Property {
  const text = literalText(value)
  if (is(value, 'SymbolNode')) return { key: 'action', value: quote(value.unescaped.value) }
  if (text !== undefined && !text.includes('#')) return { key: 'controller', value: quote(text) }
  return { key: 'to', value: endpointCode(value, translation) }
}

function root(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = splitArguments(node)
  const to = pairs.find((pair) => optionKey(pair) === 'to')
  const text = is(to, 'AssocNode') ? literalText(to.value as RubyNode) : undefined
  if (positional.length > 0 || text === undefined) return plain(node, translation)
  return assemble(
    node,
    [quote(text)],
    optionProperties(
      node,
      pairs.filter((pair) => pair !== to),
      translation,
    ),
    translation,
  )
}

function constraints(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = splitArguments(node)
  const code = positional[0] ? constraintCode(positional[0], translation) : constraintPairs(node, pairs, translation)
  return callCode(callee(node, translation), code, requiredBlock(node, translation))
}

function constraintPairs(node: CallNode, pairs: readonly RubyNode[], translation: Translation): Code {
  try {
    return object(pairs.map((pair) => constraintProperty(pair, translation)))
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return deny(node, head(node, translation), error.message, translation)
  }
}

function constraintProperty(pair: RubyNode, translation: Translation): Property {
  const key = optionKey(pair)
  if (key === undefined || !is(pair, 'AssocNode')) throw new Untranslatable(pair, 'the key of the constraint is computed')
  return {
    key: constraintName(key, pair, translation),
    value: is(pair.value as RubyNode, 'LambdaNode')
      ? constraintCode(pair.value as RubyNode, translation)
      : optionValue(key, pair, translation),
  }
}

function settings(node: CallNode, translation: Translation): Code {
  return callCode(callee(node, translation), object(optionProperties(node, splitArguments(node).pairs, translation)))
}

/** Renames the paths of actions for what follows in the same block. */
function pathNames(node: CallNode, translation: Translation): Code {
  const { pairs } = splitArguments(node)
  translation.renamePaths(pairs)
  return callCode(callee(node, translation), object(optionProperties(node, pairs, translation)))
}

/** Options under those of every call in the block; of a block with a parameter, under those of the calls on it. */
function withOptions(node: CallNode, translation: Translation): Code {
  const { pairs } = splitArguments(node)
  const block = blockOf(node)
  if (!block) throw new Untranslatable(node, 'a block was expected')
  const options = object(optionProperties(node, pairs, translation))
  const [receiver] = parameterNames(block.parameters as RubyNode | null)
  const around = callee(node, translation)
  return callCode(
    around,
    options,
    translation.sharing({ pairs, receiver }, () => blockArrow(block, translation)),
  )
}

/** Devise's route guards: who may pass is decided by Ruby, so nobody does until it is written here. */
function guarded(node: CallNode, translation: Translation): Code {
  const code = deny(node, head(node, translation), 'Devise decides who may pass', translation)
  return callCode(translation.dsl('constraints'), code, requiredBlock(node, translation))
}

/** A path below `config/routes`: what is drawn is written to the same path of the output. */
const drawableName = /^(?!.*\.\.)\w[\w.-]*(?:\/[\w.-]+)*$/

function drawFile(node: CallNode, translation: Translation): Code {
  const name = literalText(argumentsOf(node).positional[0])
  if (name === undefined) throw new Untranslatable(node, 'the name of the file is computed')
  if (!drawableName.test(name)) throw new Untranslatable(node, 'the file lies outside of config/routes')
  return callCode(translation.drawFile(name), 'routes')
}

function assemble(node: CallNode, positional: readonly Code[], options: readonly Property[], translation: Translation): Code {
  const block = blockOf(node)
  const passed = block ? undefined : passedBlock(node, translation)
  const args = [...positional]
  if (options.length > 0) args.push(object(options))
  if (block) args.push(translation.inCall(node, () => blockArrow(block, translation)))
  if (passed !== undefined) args.push(['resources', 'resource'].includes(node.name) ? passed : `${passed} ?? (() => {})`)
  return callCode(callee(node, translation), ...args)
}

/** The name of the block that a helper method passes on. */
function passedBlock(node: CallNode, translation: Translation): string | undefined {
  if (!node.block) return undefined
  const passed = is(node.block as RubyNode, 'BlockArgumentNode')
    ? ((node.block as NodeOf<'BlockArgumentNode'>).expression as RubyNode | null)
    : null
  const isOwn = passed === null || (is(passed, 'LocalVariableReadNode') && translation.local(passed.name) === translation.block)
  if (isOwn && translation.block !== undefined) return translation.block
  throw new Untranslatable(node, 'the block is passed on from elsewhere')
}

function requiredBlock(node: CallNode, translation: Translation): Code {
  const block = blockOf(node)
  if (!block) throw new Untranslatable(node, 'a block was expected')
  return translation.inCall(node, () => blockArrow(block, translation))
}

/** Positional arguments and pairs; a hash in braces at the end counts as pairs, as it does for Rails. */
function splitArguments(node: CallNode): { positional: RubyNode[]; pairs: RubyNode[] } {
  const { positional, pairs } = argumentsOf(node)
  const last = positional.at(-1)
  if (pairs.length > 0 || !last || !isHashLike(last)) return { positional, pairs }
  return { positional: positional.slice(0, -1), pairs: last.elements as RubyNode[] }
}

/** The names of the options of a call, those that `with_options` puts under them among them. */
function optionNames(node: CallNode, pairs: readonly RubyNode[], translation: Translation): (string | undefined)[] {
  const receiver = node.receiver as RubyNode | null
  const name = is(receiver, 'LocalVariableReadNode') ? receiver.name : undefined
  const shared = translation.shared.filter((options) => options.receiver === undefined || options.receiver === name)
  return [...shared.flatMap((options) => options.pairs), ...pairs].map(optionKey)
}
