import type { Candidate } from './candidate.ts'
import type { TreeNode } from './tree_node.ts'

/** A tree in one array of numbers, each place before those that it leads to. A search reads memory in order and little of it, so that
 * it takes about the same time in a large table as in a small one, where the processor's caches hold everything anyway. */
export interface CompactTree {
  readonly cells: Int32Array
  readonly leaves: readonly Candidate[]
  readonly wild: readonly (readonly Candidate[])[]
}

/** What the cells of a place hold, counted from its first one. Offsets of other places are 0 where there is none: the root is nobody's next. */
export const cell = {
  /** The first route at or below this place. */
  first: 0,
  /** Where a run leads. */
  run: 1,
  /** Where a whole segment leads. */
  segment: 2,
  /** The first of its leaves, and how many there are. */
  leaf: 3,
  leafCount: 4,
  /** Its routes that only an expression decides; -1 for none. */
  wild: 5,
  /** How many cells lead on by text, and the code of the character of the first one. */
  edgeCount: 6,
  lowest: 7,
  /** How long the text is that leads here; its characters follow, then the cells that lead on by text, then the methods of each leaf. */
  textLength: 8,
  text: 9,
} as const

/** Lays a tree out. */
export function compactTree(root: TreeNode): CompactTree {
  const cells = new Int32Array(cellCount(root))
  let free = 0
  const leaves: Candidate[] = []
  const wild: (readonly Candidate[])[] = []
  const layOut = (node: TreeNode): number => {
    const at = free
    const { text, only, leaves: own } = node
    const edges = only === null ? node.edges : null
    const edgeCount = edgeCountOf(node)
    const edgesAt = at + cell.text + text.length
    const leafCount = own === null ? 0 : own.length
    free = edgesAt + edgeCount + leafCount
    cells[at + cell.first] = node.first
    cells[at + cell.leaf] = leaves.length
    cells[at + cell.leafCount] = leafCount
    for (let i = 0; i < leafCount; i++) {
      leaves.push(own![i]!)
      cells[edgesAt + edgeCount + i] = own![i]!.methods
    }
    cells[at + cell.wild] = node.wild === null ? -1 : wild.push(node.wild) - 1
    cells[at + cell.edgeCount] = edgeCount
    cells[at + cell.lowest] = only === null ? node.lowest : only.text.charCodeAt(0)
    cells[at + cell.textLength] = text.length
    for (let i = 0; i < text.length; i++) cells[at + cell.text + i] = text.charCodeAt(i)
    if (node.run !== null) cells[at + cell.run] = layOut(node.run)
    if (only !== null) cells[edgesAt] = layOut(only)
    else if (edges !== null) {
      for (let i = 0; i < edgeCount; i++) if (edges[i] !== undefined) cells[edgesAt + i] = layOut(edges[i]!)
    }
    if (node.segment !== null) cells[at + cell.segment] = layOut(node.segment)
    return at
  }
  layOut(root)
  return { cells, leaves, wild }
}

/** How many cells a place and all those below it take. */
function cellCount(node: TreeNode): number {
  let count = cell.text + node.text.length + edgeCountOf(node) + (node.leaves === null ? 0 : node.leaves.length)
  if (node.run !== null) count += cellCount(node.run)
  if (node.segment !== null) count += cellCount(node.segment)
  if (node.only !== null) return count + cellCount(node.only)
  for (let i = 0; i < (node.edges?.length ?? 0); i++) {
    const next = node.edges![i]
    if (next !== undefined) count += cellCount(next)
  }
  return count
}

function edgeCountOf({ only, edges }: TreeNode): number {
  if (only !== null) return 1
  return edges === null ? 0 : edges.length
}
