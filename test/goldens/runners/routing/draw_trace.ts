import { expect } from 'chai'
import { draw, type DrawOptions, extend, InvalidRoute, type RouteSet, type RoutesDsl } from '../../../../src/routing/index.ts'
import type { Call, Draw, Json, JsonHash } from './types.ts'
import { fromJson, pairsOf } from './values.ts'

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'connect', 'match']
const resourceActions = ['index', 'create', 'new', 'show', 'update', 'destroy']
/** Options that are spelled in camel case here. */
const spelled: Readonly<Record<string, string>> = {
  path_names: 'pathNames',
  shallow_path: 'shallowPath',
  shallow_prefix: 'shallowPrefix',
  trailing_slash: 'trailingSlash',
}

/** What the calls around one say about it. */
interface Context {
  /** Whether paths are those of a resource's own actions. */
  readonly inActions: boolean
  readonly pathNames: Readonly<Record<string, string>>
  /** Whether the whole draw is expected to fail. */
  readonly fails: boolean
}

/** What the test around a recorded routes file decides about it. */
export interface DrawingOptions {
  /** Default URL options. */
  readonly defaults?: JsonHash | undefined
  /** The set that a cumulative draw goes on with. */
  readonly before?: RouteSet | undefined
  readonly secureProtocol?: boolean | undefined
  /** What the recorded test calls its engine. */
  readonly name?: string | undefined
}

/** Draws a recorded routes file with our DSL, from its calls. */
export function drawTrace(recorded: Draw, options: DrawingOptions): RouteSet {
  const context: Context = { inActions: false, pathNames: recorded.resources_path_names ?? {}, fails: recorded.error !== undefined }
  const block = (dsl: RoutesDsl) => drawCalls(dsl, recorded.trace ?? [], context)
  if (recorded.cumulative && options.before !== undefined) return extend(options.before, block)
  return draw(block, {
    apiOnly: recorded.config?.api_only ?? false,
    dynamic: 'any',
    ...drawOptionsOf(recorded, options),
    ...(recorded.resources_path_names !== undefined && { pathNames: recorded.resources_path_names }),
  })
}

/** The options of `draw` that no routes file says. */
export function drawOptionsOf(recorded: Draw, { defaults, secureProtocol, name }: DrawingOptions): DrawOptions {
  return {
    secureProtocol: secureProtocol ?? false,
    ...(name !== undefined && { name }),
    ...(recorded.config?.relative_url_root !== undefined && { relativeUrlRoot: recorded.config.relative_url_root }),
    ...(defaults !== undefined && { defaultUrlOptions: urlOptionsOf(fromJson(defaults) as Record<string, unknown>) }),
  }
}

function drawCalls(dsl: RoutesDsl, calls: readonly Call[], context: Context): void {
  for (const call of calls) {
    if (call.raised === undefined || context.fails) drawCall(dsl, call, context)
    // The test caught this error itself, and went on.
    else expect(() => drawCall(dsl, call, { ...context, fails: true }), call.call).to.throw(InvalidRoute)
  }
}

function drawCall(dsl: RoutesDsl, call: Call, context: Context): void {
  const { args, options } = argumentsOf(call)
  const words = dsl as unknown as Readonly<Record<string, (...args: unknown[]) => void>>
  if (verbs.includes(call.call)) drawRoute(words[call.call]!, args, options, context)
  else if (call.call === 'mount') drawMount(words['mount']!, call, args.map(fromJson), options)
  else {
    const pathNames = { ...context.pathNames, ...(options['pathNames'] as object | undefined) }
    const inside: Context = { ...context, inActions: entersActions(call.call, context), pathNames }
    const block = () => drawCalls(dsl, call.children ?? [], inside)
    const [word, passed] = wordFor(call, args.map(fromJson), options, block)
    words[word]!(...passed)
  }
}

/** The word of our DSL for a call that isn't a single route, and what it is given. */
function wordFor(call: Call, values: unknown[], options: Record<string, unknown>, block: () => void): [word: string, args: unknown[]] {
  const oneOrMany = values.length === 1 ? values[0] : values
  switch (call.call) {
    case 'resources':
    case 'resource':
      return [call.call, [oneOrMany, options, block]]
    case 'scope':
      return ['scope', [...(values.length > 0 ? [values] : []), options, block]]
    case 'namespace':
      return ['namespace', [values[0], options, block]]
    case 'constraints':
    case 'defaults':
      return [call.call, [values[0] ?? options, block]]
    case 'controller':
      return ['controller', [values[0], block]]
    case 'root':
      return ['root', values.length > 0 ? [values[0], options] : [options]]
    case 'direct':
    case 'resolve':
      return [call.call, [oneOrMany, options, fromJson(call.block) ?? (() => '/')]]
    case 'default_url_options':
      return ['defaultUrlOptions', [urlOptionsOf(options)]]
    case 'resources_path_names':
      return ['resourcesPathNames', [options]]
    default:
      return [call.call, [block]]
  }
}

/** A symbol names an action whose path the resource or `path_names` knows; a string is a path. Ours are strings, and `path` says the difference. */
function drawRoute(word: (...args: unknown[]) => void, args: readonly Json[], options: Record<string, unknown>, context: Context): void {
  const [first, ...more] = args
  const path = fromJson(first)
  if (isSymbol(first) && !('path' in options)) {
    const inActions = context.inActions || options['on'] !== undefined
    if (inActions && resourceActions.includes(path as string)) options['path'] = ''
    else if (Object.hasOwn(context.pathNames, path as string)) options['path'] = context.pathNames[path as string]
  }
  word(path, ...more.map(fromJson), options)
}

function drawMount(word: (...args: unknown[]) => void, call: Call, values: unknown[], options: Record<string, unknown>): void {
  const rocket = pairsOf(call.opts ?? {}).find(([key]) => typeof key === 'object' && key !== null && '$opaque' in key)
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => rocket === undefined || key !== String(fromJson(rocket[0]))))
  word(...(rocket === undefined ? [values[0], options] : [fromJson(rocket[0]), { ...rest, at: fromJson(rocket[1]) }]))
}

/** Positional arguments and options; a hash rocket (`get 'a' => 'b#c'`) becomes a path and its target. */
function argumentsOf(call: Call): { args: Json[]; options: Record<string, unknown> } {
  const args = [...(call.args ?? [])]
  const options: Record<string, unknown> = {}
  for (const [key, value] of pairsOf(call.opts ?? {})) {
    if (typeof key === 'string' && verbs.includes(call.call) && call.args === undefined) {
      args.push(key)
      if (isSymbol(value)) options['action'] = fromJson(value)
      else if (typeof value === 'string' && !value.includes('#')) options['controller'] = value
      else options['to'] = fromJson(value)
    } else {
      const name = String(fromJson(key))
      // A symbol is no format to Rails.
      options[spelled[name] ?? name] = name === 'format' && isSymbol(value) ? null : fromJson(value)
    }
  }
  return { args, options }
}

function entersActions(call: string, context: Context): boolean {
  if (call === 'member' || call === 'collection' || call === 'new') return true
  return call === 'resource' || (call !== 'resources' && context.inActions)
}

function isSymbol(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && '$sym' in value
}

const urlOptionNames: Readonly<Record<string, string>> = {
  only_path: 'onlyPath',
  trailing_slash: 'trailingSlash',
  script_name: 'scriptName',
  original_script_name: 'originalScriptName',
  tld_length: 'tldLength',
  path_params: 'pathParams',
  use_route: 'useRoute',
  routing_type: 'routingType',
}

/** Options of a URL in our spelling. */
export function urlOptionsOf(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [urlOptionNames[key] ?? key, value]))
}
