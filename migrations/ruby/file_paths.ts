import { join, relative, resolve } from 'node:path'
import { type Scope, tryEvaluate } from './evaluate.ts'
import { argumentsOf, constantPath, is, literalText, type RubyNode, statementsOf } from './nodes.ts'
import { RubyPath, textOf } from './values.ts'

/** A path from the root of the application: a text, `Rails.root.join(…)`, `Engine.root.join(…)`, `File.join(…)`, `File.expand_path(…, __dir__)`.
 *
 * @param more what is joined to it
 * @returns undefined when it is computed; never a path that leads out of the root
 */
export function pathOf(node: RubyNode, scope: Scope, more = '.'): string | undefined {
  const text = rootedText(node, scope)
  return text === undefined ? undefined : relative('/', resolve('/', text, more))
}

function rootedText(node: RubyNode, scope: Scope): string | undefined {
  if (is(node, 'InterpolatedStringNode')) {
    const parts = (node.parts as RubyNode[]).map((part) => {
      const inner = is(part, 'EmbeddedStatementsNode') ? statementsOf(part.statements as RubyNode | null)[0] : undefined
      return inner ? rootedText(inner, scope) : literalText(part)
    })
    return parts.includes(undefined) ? undefined : parts.join('')
  }
  if (is(node, 'SourceFileNode')) return scope.file === undefined ? undefined : join('/', scope.file)
  if (is(node, 'CallNode')) {
    const owner = constantPath(node.receiver as RubyNode | null)
    const args = argumentsOf(node).positional
    if (node.name === 'root' && args.length === 0 && node.receiver) return '/'
    if (node.name === 'to_s' && node.receiver) return rootedText(node.receiver as RubyNode, scope)
    if (node.name === '__dir__') return scope.file === undefined ? undefined : join('/', scope.file, '..')
    const texts = args.map((argument) => rootedText(argument, scope))
    if (texts.includes(undefined)) return undefined
    if (owner === 'File' && node.name === 'expand_path') return resolve('/', texts[1] ?? '/', texts[0]!)
    if (owner === 'File' && node.name === 'dirname') return join('/', texts[0]!, '..')
    if (owner === 'File' && node.name === 'join') return texts.join('/')
    if (owner === 'Pathname' && node.name === 'new') return texts[0]
    if (['join', '+', '/'].includes(node.name) && node.receiver) {
      const base = rootedText(node.receiver as RubyNode, scope)
      return base === undefined ? undefined : resolve('/', base, ...(texts as string[]))
    }
  }
  const value = tryEvaluate(node, scope)
  return value instanceof RubyPath ? value.path : textOf(value)
}

/** Whether a call makes a path of the root of the application, or of where its file lies. */
export function isPath(node: RubyNode | null): boolean {
  if (!is(node, 'CallNode')) return false
  const owner = constantPath(node.receiver as RubyNode | null) ?? ''
  if (node.name === 'root') return owner === 'Rails' || owner.endsWith('Engine')
  if (node.name === '__dir__') return !node.receiver
  if (owner === 'File' && ['expand_path', 'join', 'dirname'].includes(node.name)) return argumentsOf(node).positional.some(isPath)
  return ['join', 'to_s', '+', '/'].includes(node.name) && isPath(node.receiver as RubyNode | null)
}
