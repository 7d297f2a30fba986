import {
  argumentsOf,
  blockOf,
  type CallNode,
  constantPath,
  is,
  literalText,
  type NodeOf,
  type RubyNode,
  RubyHash,
  statementsOf,
  textOf,
  tryEvaluate,
} from '../ruby/index.ts'
import { underscore } from '../../src/naming/index.ts'
import { call as callCode, type Code, object, quote } from '../typescript/index.ts'
import { shorten } from '../report/rows.ts'
import { callee } from './callee.ts'
import { expression, functionCode, inline } from './expressions.ts'
import { optionKey, optionProperties } from './options.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** Translates what a route leads to: `controller#action`, a redirect, a Rack endpoint. */
export function endpointCode(node: RubyNode, translation: Translation): Code {
  if (is(node, 'CallNode')) {
    if (node.name === 'redirect' && !node.receiver) return redirectCode(node, translation)
    if (node.name === 'action' && constantPath(node.receiver as RubyNode | null)) return controllerAction(node)
    if (['lambda', 'proc'].includes(node.name) && !node.receiver && blockOf(node))
      return rackEndpoint(node, blockOf(node)!.body as RubyNode | null, translation)
    if (node.receiver && is(node.receiver as RubyNode, 'ConstantReadNode', 'ConstantPathNode')) return notPorted(node, translation)
  }
  if (is(node, 'LambdaNode')) return rackEndpoint(node, node.body as RubyNode | null, translation)
  if (is(node, 'ConstantReadNode', 'ConstantPathNode') && !translation.constants.has(constantPath(node) ?? ''))
    return notPorted(node, translation)
  return expression(node, translation)
}

/** Translates `redirect(…)` with a path, options or a block.
 *
 * A target that only Ruby can tell becomes a stub that fails, so that the route keeps its place.
 */
export function redirectCode(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = argumentsOf(node)
  const args: Code[] = redirectTarget(node, positional, translation)
  const known = pairs.filter((pair) => isRedirectOption(pair, translation))
  if (known.length > 0) args.push(object(optionProperties(node, known, translation)))
  return callCode(translation.dsl('redirect'), ...args)
}

const redirectOptions = new Set(
  'status path protocol host port subdomain domain tld_length params anchor only_path trailing_slash script_name'.split(' '),
)

/** Whether a redirect reads an option; Rails reads no other either. */
function isRedirectOption(pair: RubyNode, translation: Translation): boolean {
  const key = optionKey(pair)
  if (key === undefined || redirectOptions.has(key)) return true
  translation.report(pair, translation.source.slice(pair), 'note', `redirect has no option ${key}`)
  return false
}

function redirectTarget(node: CallNode, positional: readonly RubyNode[], translation: Translation): Code[] {
  const block = blockOf(node)
  try {
    const args: Code[] = positional.map((argument) => expression(argument, translation))
    if (block) args.push(functionCode(block.parameters as RubyNode | null, block.body as RubyNode | null, node, translation, 1))
    return args
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    const ruby = shorten(translation.source.slice(node), 80)
    translation.remark(node, translation.source.slice(node), `${error.message}; the redirect fails until its target is written by hand`)
    translation.stubs.add('unknownTarget')
    return [callCode('unknownTarget', quote(ruby))]
  }
}

/** A redirect of a class of the file's own: `PathRedirect.new(301, "/path")`; undefined for any other object. */
export function ownRedirect(node: CallNode, translation: Translation): string | undefined {
  const [status, path] = argumentsOf(node).positional
  if (node.name !== 'new' || !translation.redirectClasses.has(constantPath(node.receiver as RubyNode | null) ?? '') || !status || !path)
    return undefined
  return `${translation.dsl('redirect')}(${inline(path, translation)}, { status: ${inline(status, translation)} })`
}

/** A stand-in for an application that is still Ruby: it answers 501. */
export function notPorted(node: RubyNode, translation: Translation): Code {
  const ruby = shorten(translation.source.slice(node), 80)
  translation.stubs.add('notPorted')
  translation.report(node, ruby, 'left', 'a Rack application or engine; requests to it are answered with 501 until it is replaced')
  return callCode('notPorted', quote(ruby))
}

/** Translates `mount App => "/path"`, `mount App, at: "/path"`. */
export function mountCode(node: CallNode, translation: Translation): Code {
  const { positional, pairs } = argumentsOf(node)
  const rocket =
    positional.length === 0 ? pairs.find((pair) => is(pair, 'AssocNode') && !is(pair.key as RubyNode, 'SymbolNode')) : undefined
  const app = positional[0] ?? (rocket && ((rocket as NodeOf<'AssocNode'>).key as RubyNode))
  if (!app) throw new Untranslatable(node, 'what is mounted is not given')
  // `as: nil` is as none: Rails gives the name of what is mounted.
  const options = optionProperties(
    node,
    pairs.filter((pair) => pair !== rocket),
    translation,
  ).filter(({ key, value }) => key !== 'as' || value !== 'null')
  const at = rocket ? [{ key: 'at', value: expression((rocket as NodeOf<'AssocNode'>).value as RubyNode, translation) }] : []
  if (isActionCableServer(app)) {
    translation.imports.add('cable')
    return callCode(callee(node, translation), 'cable', object([...at, ...options]))
  }
  const name = mountedName(app)
  const as = name !== undefined && !options.some(({ key }) => key === 'as') ? [{ key: 'as', value: quote(name) }] : []
  const path = [...at, ...options].find(({ key }) => key === 'at')?.value
  return callCode(
    callee(node, translation),
    mountedApp(app, path === "'/'" || path === "''", translation),
    object([...at, ...options, ...as]),
  )
}

function mountedApp(app: RubyNode, isAtRoot: boolean, translation: Translation): Code {
  if (is(app, 'LambdaNode')) return rackEndpoint(app, app.body as RubyNode | null, translation)
  const constant = constantPath(app)
  if (constant !== undefined && translation.application.engineRoutes(constant)) return translation.mountEngine(constant)
  if (is(app, 'CallNode') && !app.receiver && translation.methods.has(app.name)) return expression(app, translation)
  return isAtRoot ? passedOn(app, translation) : notPorted(app, translation)
}

/** At the root an answer would hide every route that follows; an engine there leaves to them what it has no route for. */
function passedOn(app: RubyNode, translation: Translation): Code {
  const ruby = shorten(translation.source.slice(app), 80)
  translation.stubs.add('passed')
  translation.report(
    app,
    ruby,
    'left',
    'a Rack application or engine at the root; until it is replaced, requests go on to the routes after it',
  )
  return callCode('passed', quote(ruby))
}

/** The name Rails gives a mounted class: an isolated engine's namespace, or the class's own path. */
function mountedName(app: RubyNode): string | undefined {
  const path = constantPath(app)
  return path === undefined ? undefined : underscore(path.replace(/^::/, '').replace(/::Engine$/, '')).replaceAll('/', '_')
}

function isActionCableServer(app: RubyNode): boolean {
  return is(app, 'CallNode') && app.name === 'server' && constantPath(app.receiver as RubyNode | null) === 'ActionCable'
}

function controllerAction(node: CallNode): Code {
  const action = literalText(argumentsOf(node).positional[0])
  const controller = constantPath(node.receiver as RubyNode | null)
  if (action === undefined || controller === undefined) throw new Untranslatable(node, 'the action is computed')
  return quote(`${underscore(controller).replace(/_controller$/, '')}#${action}`)
}

/** A lambda that answers a literal status, headers and body; anything else is left. */
function rackEndpoint(node: RubyNode, body: RubyNode | null, translation: Translation): Code {
  const [only, ...rest] = statementsOf(body)
  const value = only && rest.length === 0 ? tryEvaluate(only, translation.scope) : undefined
  if (!Array.isArray(value) || typeof value[0] !== 'number' || !(value[1] instanceof RubyHash) || !Array.isArray(value[2]))
    return notPorted(node, translation)
  const headers = value[1].pairs.map(([key, item]) => ({ key: textOf(key) ?? '', value: quote(textOf(item) ?? String(item)) }))
  const text = value[2].map((part) => textOf(part) ?? '').join('')
  translation.stubs.add('rack')
  return callCode('rack', String(value[0]), object(headers), quote(text))
}
