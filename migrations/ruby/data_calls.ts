import { type DataFiles, readJson } from './data_files.ts'
import { configOptions, renderErb } from './settings.ts'
import { type Scope, tryEvaluate } from './evaluate.ts'
import { isPath, pathOf } from './file_paths.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type RubyNode } from './nodes.ts'
import { asStruct, deepMerged, RubyHash, RubyPath, type RubyValue, RubyStruct, textOf } from './values.ts'

const yamlLoaders = new Set(['load_file', 'unsafe_load_file', 'safe_load_file', 'load', 'safe_load', 'unsafe_load'])

/** What a call reads from a file of data, or makes of such data: `YAML.load_file`, `JSON.parse(File.read(…))`, `config_for`, `OpenStruct.new`;
 * undefined for any other call.
 */
export function dataCall(call: CallNode, scope: Scope, files: DataFiles): RubyValue | undefined {
  const owner = constantPath(call.receiver as RubyNode | null)?.replace(/^::/, '')
  const { positional, pairs } = argumentsOf(call)
  const [first] = positional
  const path = isPath(call) ? pathOf(call, scope) : undefined
  if (path !== undefined) return new RubyPath(`/${path}`)
  if (owner === 'YAML' || owner === 'Psych') return yaml(call, first, pairs, scope, files)
  if (owner === 'JSON' && ['parse', 'load', 'load_file', 'parse!'].includes(call.name) && first) {
    const text = call.name === 'load_file' ? fileText(first, scope, files) : readText(first, scope, files)
    return text === undefined ? undefined : readJson(text, hasSymbols(pairs))
  }
  if (owner === 'File' && call.name === 'read') return readText(call, scope, files)
  if (owner !== undefined && wrappers.has(owner) && call.name === 'new' && first) return wrapped(tryEvaluate(first, scope))
  if (call.name === 'config_for' && first) return configFor(first, pairs, scope, files)
  return configOptions(call, scope, files)
}

const wrappers = new Set(['OpenStruct', 'Hashie::Mash', 'ActiveSupport::OrderedOptions', 'ActiveSupport::InheritableOptions'])

function wrapped(value: RubyValue | undefined): RubyValue | undefined {
  return value instanceof RubyHash ? asStruct(value) : undefined
}

function yaml(call: CallNode, first: RubyNode | undefined, pairs: RubyNode[], scope: Scope, files: DataFiles): RubyValue | undefined {
  if (!first || !yamlLoaders.has(call.name)) return undefined
  const symbols = hasSymbols(pairs)
  const path = call.name.endsWith('_file') ? pathOf(first, scope) : readPath(first, scope)
  const isErb = is(first, 'CallNode') && first.name === 'result'
  const value = path === undefined ? undefined : files.yaml(path, isErb ? (text) => renderErb(text, scope) : undefined)
  return symbols && value !== undefined ? symbolized(value) : value
}

/** The path of what `File.read(path)`, `path.read` or `ERB.new(File.read(path)).result` reads. */
function readPath(node: RubyNode, scope: Scope): string | undefined {
  if (!is(node, 'CallNode')) return undefined
  const owner = constantPath(node.receiver as RubyNode | null)
  const [first] = argumentsOf(node).positional
  if (['File', 'IO'].includes(owner ?? '') && ['read', 'open'].includes(node.name) && first) return pathOf(first, scope)
  if (owner === 'ERB' && node.name === 'new' && first) return readPath(first, scope)
  if (node.name === 'result' && node.receiver) return readPath(node.receiver as RubyNode, scope)
  return node.name === 'read' && node.receiver ? pathOf(node.receiver as RubyNode, scope) : undefined
}

function readText(node: RubyNode, scope: Scope, files: DataFiles): string | undefined {
  const path = readPath(node, scope)
  return path === undefined ? textOf(is(node, 'CallNode') && node.name === 'read' ? undefined : tryEvaluate(node, scope)) : files.text(path)
}

function fileText(node: RubyNode, scope: Scope, files: DataFiles): string | undefined {
  const path = pathOf(node, scope)
  return path === undefined ? undefined : files.text(path)
}

function hasSymbols(pairs: readonly RubyNode[]): boolean {
  return pairs.some(
    (pair) => is(pair, 'AssocNode') && literalText(pair.key as RubyNode) === 'symbolize_names' && is(pair.value as RubyNode, 'TrueNode'),
  )
}

/** `Rails.application.config_for(:name)`: what is shared and what the environment says, with symbols for keys. */
function configFor(name: RubyNode, pairs: readonly RubyNode[], scope: Scope, files: DataFiles): RubyValue | undefined {
  const text = literalText(name)
  const path = text === undefined || pairs.length > 0 ? undefined : `config/${text}.yml`
  const value = path === undefined ? undefined : files.yaml(path, (erb) => renderErb(erb, scope))
  if (!(value instanceof RubyHash)) return undefined
  const own = value.get(scope.environment) ?? null
  const shared = value.get('shared') ?? null
  if (!(own instanceof RubyHash)) return asStruct(own ?? shared ?? new RubyStruct([]))
  return asStruct(shared instanceof RubyHash ? deepMerged(shared, own) : own)
}

function symbolized(value: RubyValue): RubyValue {
  if (Array.isArray(value)) return value.map(symbolized)
  const struct = asStruct(value)
  return struct instanceof RubyHash ? new RubyHash(struct.pairs.map(([key, item]) => [key, symbolized(item)])) : struct
}
