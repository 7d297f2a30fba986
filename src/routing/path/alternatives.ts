import { type PathNode, pushText } from './nodes.ts'

/** A path with more choices of optional parts than this is decided by its expression instead of being laid out. */
const mostAlternatives = 64

/** Every choice of optional parts, those with more parts first, or null when there are too many. */
export function expand(nodes: readonly PathNode[]): readonly (readonly PathNode[])[] | null {
  const first = nodes.findIndex((node) => node.kind === 'group')
  if (first < 0) return [nodes]
  let alternatives: PathNode[][] = [nodes.slice(0, first)]
  for (let i = first; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind !== 'group') {
      for (let at = 0; at < alternatives.length; at++) append(alternatives[at]!, [node])
      continue
    }
    const inner = expand(node.nodes)
    if (inner === null || alternatives.length * (inner.length + 1) > mostAlternatives) return null
    const longer: PathNode[][] = []
    for (const alternative of alternatives) {
      for (const choice of inner) longer.push(append(alternative.slice(), choice))
      longer.push(alternative)
    }
    alternatives = longer
  }
  return alternatives
}

function append(to: PathNode[], nodes: readonly PathNode[]): PathNode[] {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'text') pushText(to, node.text)
    else to.push(node)
  }
  return to
}
