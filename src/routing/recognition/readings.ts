import type { PathNode } from '../path/nodes.ts'
import { anyRun, type SegmentRule } from './candidate.ts'

/** A choice of a route's optional parts: its pieces, and whether the tree leads to their end. */
export interface Reading {
  readonly nodes: readonly PathNode[]
  readonly isWhole: boolean
}

/** Whether one path could be read in two of these ways, so that only the whole expression knows which one counts. */
export function areAmbiguous(pattern: readonly PathNode[], readings: readonly Reading[], rules: ReadonlyMap<string, SegmentRule>): boolean {
  if (readings.length === 1 || hasOptionsLast(pattern)) return false
  if (readings.some(({ isWhole }) => !isWhole)) return true
  const shapes = readings.map(({ nodes }) => shapeOf(nodes, rules))
  return shapes.some((shape, index) => shapes.slice(index + 1).some((other) => overlap(shape, other)))
}

/** Whether optional parts come last, each inside of the one before, with nothing but a format after them. */
function hasOptionsLast(nodes: readonly PathNode[]): boolean {
  const first = nodes.findIndex((node) => node.kind === 'group')
  if (first < 0) return true
  const groups = nodes.slice(first).map((node) => (node.kind === 'group' ? node.nodes : null))
  if (groups.length > 2 || groups.some((group) => group === null || !hasOptionsLast(group))) return false
  // Behind a dot of its own, the first could be taken for the format.
  if (groups.length === 2 && hasDot(groups[0]!)) return false
  return groups.slice(1).every((group) => group![0]?.kind === 'text' && group![0].text.startsWith('.'))
}

function hasDot(nodes: readonly PathNode[]): boolean {
  return nodes.some((node) => (node.kind === 'group' ? hasDot(node.nodes) : node.kind === 'text' && node.text.includes('.')))
}

/** How many dots each part between slashes has in a path that fits; null where that isn't fixed. */
function shapeOf(nodes: readonly PathNode[], rules: ReadonlyMap<string, SegmentRule>): (number | null)[] {
  const shape: (number | null)[] = [0]
  for (const node of nodes) {
    if (node.kind === 'text') {
      for (const character of node.text) {
        if (character === '/') shape.push(0)
        else if (character === '.' && shape.at(-1) !== null) shape[shape.length - 1] = shape.at(-1)! + 1
      }
    } else if (node.kind === 'segment' && (rules.get(node.name) ?? anyRun).reach !== 'run') shape[shape.length - 1] = null
  }
  return shape
}

function overlap(a: readonly (number | null)[], b: readonly (number | null)[]): boolean {
  return a.length === b.length && a.every((dots, index) => dots === null || b[index] === null || dots === b[index])
}
