import type { DataFiles } from './data_files.ts'
import { type Scope, tryEvaluate } from './evaluate.ts'
import { pathOf } from './file_paths.ts'
import { childrenOf, argumentsOf, blockOf, type CallNode, constantPath, is, type RubyNode } from './nodes.ts'
import { RubySource } from './source.ts'
import { asStruct, deepMerged, RubyHash, type RubyValue, textOf } from './values.ts'

/** What the `config` gem makes of files of settings: `Config::Options.new.tap { |o| o.add_source!(path); o.load! }`, `Config.load_files(path)`.
 *
 * A source below the root of some engine is looked for in the application that is read; what other engines add is not known.
 */
export function configOptions(call: CallNode, scope: Scope, files: DataFiles): RubyValue | undefined {
  const owner = constantPath(call.receiver as RubyNode | null)?.replace(/^::/, '')
  if (owner === 'Config' && call.name === 'load_files') return merged(argumentsOf(call).positional, scope, files)
  const block = call.name === 'tap' ? blockOf(call) : undefined
  const receiver = call.receiver as RubyNode | null
  const isNew = is(receiver, 'CallNode') && receiver.name === 'new'
  if (!block || !isNew || constantPath(receiver.receiver as RubyNode | null)?.replace(/^::/, '') !== 'Config::Options') return undefined
  const sources = callsNamed(block, 'add_source!').flatMap((source) => argumentsOf(source).positional.slice(0, 1))
  return merged(sources, scope, files)
}

function merged(sources: readonly RubyNode[], scope: Scope, files: DataFiles): RubyValue | undefined {
  let all = new RubyHash([])
  for (const source of sources) {
    const path = pathOf(source, scope)
    const value = path === undefined ? undefined : files.yaml(path, (erb) => renderErb(erb, scope))
    if (path === undefined || !(value instanceof RubyHash)) return undefined
    if (isOfAnyEngine(source)) files.remark(path, 'its values of today stand in the output; what other engines add to them is not known')
    all = deepMerged(all, value)
  }
  return sources.length === 0 ? undefined : asStruct(all)
}

/** Files of settings, the later over the earlier; those that don't exist are left out, undefined when none does. */
export function mergedSettings(paths: readonly string[], scope: Scope, files: DataFiles): RubyValue | undefined {
  const known = paths.filter((path) => files.text(path) !== undefined)
  const values = known.map((path) => files.yaml(path, (erb) => renderErb(erb, scope)))
  if (known.length === 0 || values.includes(undefined)) return undefined
  for (const path of known) files.remark(path, 'its values of today stand in the output; what a server sets on its own does not')
  const hashes = values.map((value) => (value instanceof RubyHash ? value : new RubyHash([])))
  return asStruct(hashes.reduce(deepMerged))
}

/** Whether a path is below a root that isn't `Rails.root`. */
function isOfAnyEngine(node: RubyNode): boolean {
  if (is(node, 'CallNode') && node.name === 'root') return constantPath(node.receiver as RubyNode | null) !== 'Rails'
  return childrenOf(node).some(isOfAnyEngine)
}

function callsNamed(node: RubyNode, name: string): CallNode[] {
  const inner = childrenOf(node).flatMap((child) => callsNamed(child, name))
  return is(node, 'CallNode') && node.name === name ? [node, ...inner] : inner
}

/** A text with each `<%= expression %>` in place; undefined when one isn't constant, or there is more than expressions. */
export function renderErb(text: string, scope: Scope): string | undefined {
  let isKnown = true
  const rendered = text.replace(/<%(#|=)?([\s\S]*?)-?%>/g, (_all, kind: string | undefined, ruby: string) => {
    if (kind === '#') return ''
    const value = kind === '=' ? textOfRuby(ruby, scope) : undefined
    if (value === undefined) isKnown = false
    return value ?? ''
  })
  return isKnown ? rendered : undefined
}

function textOfRuby(ruby: string, scope: Scope): string | undefined {
  try {
    const [only, ...rest] = new RubySource('', ruby).statements
    const value = only && rest.length === 0 ? tryEvaluate(only, scope) : undefined
    if (value === null) return ''
    return textOf(value) ?? (typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined)
  } catch {
    return undefined
  }
}
