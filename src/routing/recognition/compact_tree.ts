import type { Candidate } from './candidate.ts'
import type { Leaf, TreeNode } from './tree.ts'

/** A tree in one array of numbers, each place before those that it leads to. A search reads memory in order and little of it, so that
 * it takes about the same time in a large table as in a small one, where the processor's caches hold everything anyway. */
export interface CompactTree {
  readonly cells: Int32Array
  readonly leaves: readonly Leaf[]
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
  /** How long the text is that leads here; its characters follow, and then the cells that lead on by text. */
  textLength: 8,
  text: 9,
} as const

/** Lays a tree out. */
export function compactTree(root: TreeNode): CompactTree {
  const cells: number[] = []
  const leaves: Leaf[] = []
  const wild: (readonly Candidate[])[] = []
  const layOut = (node: TreeNode): number => {
    const at = cells.length
    const { text, only } = node
    const edges = only === null ? node.edges : null
    const edgeCount = only === null ? (edges === null ? 0 : edges.length) : 1
    const lowest = only === null ? node.lowest : only.text.charCodeAt(0)
    const wildAt = node.wild === null ? -1 : wild.push(node.wild) - 1
    const firstLeaf = leaves.length
    if (node.leaf !== null) leaves.push(node.leaf, ...(node.laterLeaves ?? []))
    cells.push(node.first, 0, 0, firstLeaf, leaves.length - firstLeaf, wildAt, edgeCount, lowest, text.length)
    for (let i = 0; i < text.length; i++) cells.push(text.charCodeAt(i))
    const edgesAt = cells.length
    for (let i = 0; i < edgeCount; i++) cells.push(0)
    if (node.run !== null) cells[at + cell.run] = layOut(node.run)
    if (only !== null) cells[edgesAt] = layOut(only)
    else if (edges !== null) {
      for (let i = 0; i < edgeCount; i++) if (edges[i] !== undefined) cells[edgesAt + i] = layOut(edges[i]!)
    }
    if (node.segment !== null) cells[at + cell.segment] = layOut(node.segment)
    return at
  }
  layOut(root)
  return { cells: new Int32Array(cells), leaves, wild }
}
