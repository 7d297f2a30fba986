import type { PathNode } from '../path/nodes.ts'
import type { PathPattern } from '../path/path_pattern.ts'
import { anyRun, type SegmentRules } from './segment_rules.ts'

/** A choice of a route's optional parts: its pieces, and whether the tree leads to their end. */
export interface Reading {
  readonly nodes: readonly PathNode[]
  readonly isWhole: boolean
}

/** Whether one path could be read in two of these ways, so that only the whole expression knows which one counts. */
export function areAmbiguous(pattern: PathPattern, readings: readonly Reading[], rules: SegmentRules): boolean {
  if (readings.length === 1 || pattern.hasOptionsLast) return false
  if (readings.some(({ isWhole }) => !isWhole)) return true
  const shapes = readings.map(({ nodes }) => shapeOf(nodes, rules))
  return shapes.some((shape, index) => shapes.slice(index + 1).some((other) => overlap(shape, other)))
}

/** How many dots each part between slashes has in a path that fits; null where that isn't fixed. */
function shapeOf(nodes: readonly PathNode[], rules: SegmentRules): (number | null)[] {
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
