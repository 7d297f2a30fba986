import type { LeafList, Way } from './leaf_list.ts'
import type { RouteTree } from './tree.ts'
import type { TreeNode, WildRoute } from './tree_node.ts'

/** A tree in one array of numbers, each place before those that it leads to. A search reads memory in order and little of it, so that
 * it takes about the same time in a large table as in a small one, where the processor's caches hold everything anyway. */
export interface CompactTree {
  readonly cells: Int32Array
  readonly ways: readonly Way[]
  readonly wild: readonly (readonly WildRoute[])[]
}

/** What the cells of a place hold, counted from its first one. Offsets of other places are 0 where there is none: the root is nobody's next. */
export const cell = {
  /** The first route at or below this place. */
  first: 0,
  /** Where a run leads. */
  run: 1,
  /** Where a whole segment leads. */
  segment: 2,
  /** How many leaves it has. */
  leafCount: 3,
  /** Its routes that only an expression decides; -1 for none. */
  wild: 4,
  /** How many cells lead on by text, and the code of the character of the first one. */
  edgeCount: 5,
  lowest: 6,
  /** How long the text is that leads here; its characters follow, then the cells that lead on by text, then the leaves. */
  textLength: 7,
  text: 8,
} as const

/** What the cells of a leaf hold, counted from its first one: the methods that it answers, a bit each, the index of its route, and the way there. */
export const leafCell = { methods: 0, route: 1, way: 2, count: 3 } as const

/** Lays a tree out. */
export function compactTree({ root, leaves }: RouteTree): CompactTree {
  const cells = new Int32Array(cellCount(root, leaves))
  let free = 0
  const wild: (readonly WildRoute[])[] = []
  const layOut = (node: TreeNode): number => {
    const at = free
    const { text } = node
    const edges = edgesOf(node)
    cells[at + cell.first] = node.first
    cells[at + cell.wild] = node.wild === null ? -1 : wild.push(node.wild) - 1
    cells[at + cell.edgeCount] = edges.count
    cells[at + cell.lowest] = edges.lowest
    cells[at + cell.textLength] = text.length
    for (let i = 0; i < text.length; i++) cells[at + cell.text + i] = text.charCodeAt(i)
    const edgesAt = at + cell.text + text.length
    free = edgesAt + edges.count
    let leafCount = 0
    for (let leaf = node.leaf; leaf >= 0; leaf = leaves.after(leaf)) {
      cells[free + leafCell.methods] = leaves.methodsOf(leaf)
      cells[free + leafCell.route] = leaves.routeOf(leaf)
      cells[free + leafCell.way] = leaves.wayOf(leaf)
      free += leafCell.count
      leafCount++
    }
    cells[at + cell.leafCount] = leafCount
    if (node.run !== null) cells[at + cell.run] = layOut(node.run)
    const { lowest } = edges
    for (let next = node.below; next !== null; next = next.beside) cells[edgesAt + next.text.charCodeAt(0) - lowest] = layOut(next)
    if (node.segment !== null) cells[at + cell.segment] = layOut(node.segment)
    return at
  }
  layOut(root)
  return { cells, ways: leaves.ways, wild }
}

/** How many cells a place and all those below it take. */
function cellCount(node: TreeNode, leaves: LeafList): number {
  let count = cell.text + node.text.length + edgesOf(node).count
  for (let leaf = node.leaf; leaf >= 0; leaf = leaves.after(leaf)) count += leafCell.count
  if (node.run !== null) count += cellCount(node.run, leaves)
  if (node.segment !== null) count += cellCount(node.segment, leaves)
  for (let next = node.below; next !== null; next = next.beside) count += cellCount(next, leaves)
  return count
}

/** One cell for each character between the lowest and the highest that leads on: a look-up is an addition then. */
function edgesOf({ below }: TreeNode): { lowest: number; count: number } {
  if (below === null) return noEdges
  let lowest = below.text.charCodeAt(0)
  let highest = lowest
  for (let next = below.beside; next !== null; next = next.beside) {
    const code = next.text.charCodeAt(0)
    if (code < lowest) lowest = code
    if (code > highest) highest = code
  }
  return { lowest, count: highest - lowest + 1 }
}

const noEdges = { lowest: 0, count: 0 }
