import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  argumentsOf,
  blockOf,
  type CallNode,
  emptyScope,
  is,
  RubyRegexp,
  type RubyNode,
  RubySource,
  type RubyValue,
  statementsOf,
  textsOf,
  toJavaScriptRegexp,
  tryEvaluate,
} from '../ruby/index.ts'

/** Where a Rails application declares its inflections. */
export const inflectionsFile = 'config/initializers/inflections.rb'

/** The rules that take one pattern and one replacement, or words alone. */
export type InflectionMethod = 'plural' | 'singular' | 'human' | 'irregular' | 'uncountable' | 'acronym'

/** One declaration: `inflect.irregular 'octopus', 'octopuses'`. */
export interface InflectionRule {
  readonly method: InflectionMethod
  readonly args: readonly (string | RegExp)[]
  readonly ruby: string
  readonly line: number
}

/** A declaration that the porter can't read. */
export interface UnknownInflection {
  readonly ruby: string
  readonly line: number
}

const methods = new Set<string>(['plural', 'singular', 'human', 'irregular', 'uncountable', 'acronym'])

/** Reads the inflections of a Rails application; nothing when it declares none.
 *
 * @throws BrokenRuby (REGAUGE_BROKEN_RUBY)
 */
export function readInflections(root: string): { rules: InflectionRule[]; unknown: UnknownInflection[] } {
  const path = join(root, inflectionsFile)
  const rules: InflectionRule[] = []
  const unknown: UnknownInflection[] = []
  if (!existsSync(path)) return { rules, unknown }
  const source = new RubySource(inflectionsFile, readFileSync(path, 'utf8'))
  for (const node of source.statements.flatMap(declarations)) {
    const rule = is(node, 'CallNode') ? readRule(node, source) : undefined
    if (rule) rules.push(rule)
    else unknown.push({ ruby: source.slice(node), line: source.lineOf(node) })
  }
  return { rules, unknown }
}

/** The statements within `ActiveSupport::Inflector.inflections(:en) do |inflect| … end`. */
function declarations(node: RubyNode): RubyNode[] {
  if (!is(node, 'CallNode') || node.name !== 'inflections' || !blockOf(node)) return [node]
  return statementsOf(blockOf(node)!.body as RubyNode | null)
}

function readRule(call: CallNode, source: RubySource): InflectionRule | undefined {
  if (!methods.has(call.name) || !call.receiver) return undefined
  const values = argumentsOf(call).positional.map((argument) => tryEvaluate(argument, emptyScope()))
  const args = values.flatMap((value) => argument(value))
  if (args.length === 0 || args.includes(undefined)) return undefined
  return { method: call.name as InflectionMethod, args: args as (string | RegExp)[], ruby: source.slice(call), line: source.lineOf(call) }
}

function argument(value: RubyValue | undefined): (string | RegExp | undefined)[] {
  if (value instanceof RubyRegexp) {
    const result = toJavaScriptRegexp(value.source, value.flags)
    return ['problem' in result ? undefined : new RegExp(result.source, result.flags)]
  }
  const texts = value === undefined ? [] : textsOf(value)
  // Ruby refers to groups as `\1`, JavaScript as `$1`.
  return texts.length > 0 ? texts.map((text) => text.replace(/\\(\d)/g, '$$$1')) : [undefined]
}
