import { type ControllerClass, findMethod } from './controller_class.ts'
import { child, memberOfThis, type SyntaxNode, walk } from './syntax.ts'

/** Calls `visit` with every call and member that a method contains, itself or through the controller's own methods it calls. */
export function visitReachable(lineage: readonly ControllerClass[], start: string, visit: (node: SyntaxNode) => void): void {
  const seen = new Set<string>()
  const waiting = [start]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const body = findMethod(lineage, name)?.method.body
    if (!body) continue
    walk(body, (node) => {
      visit(node)
      const called = node.type === 'CallExpression' ? memberOfThis(child(node, 'callee')) : undefined
      if (called !== undefined) waiting.push(called)
    })
  }
}
