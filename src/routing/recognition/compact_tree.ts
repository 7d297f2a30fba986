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
    const edges = node.only === null ? (node.edges ?? []) : [node.only]
    const own = node.leaf === null ? [] : [node.leaf, ...(node.laterLeaves ?? [])]
    const characters = Array.from({ length: node.text.length }, (_, index) => node.text.charCodeAt(index))
    const lowest = node.only === null ? node.lowest : node.only.text.charCodeAt(0)
    const wildAt = node.wild === null ? -1 : wild.push(node.wild) - 1
    cells.push(node.first, 0, 0, leaves.length, own.length, wildAt, edges.length, lowest, characters.length, ...characters)
    leaves.push(...own)
    const edgesAt = cells.length
    for (const _ of edges) cells.push(0)
    if (node.run !== null) cells[at + cell.run] = layOut(node.run)
    for (const [index, next] of edges.entries()) if (next !== undefined) cells[edgesAt + index] = layOut(next)
    if (node.segment !== null) cells[at + cell.segment] = layOut(node.segment)
    return at
  }
  layOut(root)
  return { cells: Int32Array.from(cells), leaves, wild }
}
