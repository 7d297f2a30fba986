import { STATUS_CODES } from 'node:http'
import type { ControllerClass } from './controller_class.ts'
import { visitReachable } from './reachable_code.ts'
import { child, children, memberOfThis, propertiesOf, type SyntaxNode, textOf } from './syntax.ts'

const byName = new Map(Object.entries(STATUS_CODES).map(([code, text]) => [symbolOf(text ?? ''), code]))
for (const [name, code] of [
  ['unprocessable_content', '422'],
  ['content_too_large', '413'],
] as const)
  byName.set(name, code)

/** The reason phrase of a status. */
export function statusText(code: string): string {
  return STATUS_CODES[code] ?? code
}

/** The statuses that an action answers with literally: `head('no_content')`, `render({ …, status: 'created' })`. */
export function literalStatuses(lineage: readonly ControllerClass[], action: string): Set<string> {
  const statuses = new Set<string>()
  visitReachable(lineage, action, (node) => {
    if (node.type !== 'CallExpression') return
    const method = memberOfThis(child(node, 'callee'))
    const args = children(node, 'arguments')
    if (method === 'head') add(statuses, codesOf(args[0]))
    if (method === 'redirectTo') add(statuses, ['302'])
    if (method !== 'render') return
    const status = propertiesOf(args[0]).get('status')
    add(statuses, status ? codesOf(status) : ['200'])
  })
  return statuses
}

function add(statuses: Set<string>, codes: readonly string[]): void {
  for (const code of codes) statuses.add(code)
}

function codesOf(node: SyntaxNode | undefined): string[] {
  if (node?.type === 'ConditionalExpression') return [...codesOf(child(node, 'consequent')), ...codesOf(child(node, 'alternate'))]
  const value = node?.['value']
  if (node?.type === 'Literal' && typeof value === 'number') return STATUS_CODES[value] ? [String(value)] : []
  return [byName.get(textOf(node) ?? '') ?? []].flat()
}

function symbolOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]+/g, '_')
}
