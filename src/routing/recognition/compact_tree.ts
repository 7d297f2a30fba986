import type { Way } from './leaf_list.ts'
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
  const cells = new Int32Array(cellCount(root))
  let free = 0
  const wild: (readonly WildRoute[])[] = []
  const layOut = (node: TreeNode): number => {
    const at = free
    const { text, only, leafCount } = node
    const edges = only === null ? node.edges : null
    const edgeCount = edgeCountOf(node)
    const edgesAt = at + cell.text + text.length
    cells[at + cell.first] = node.first
    cells[at + cell.leafCount] = leafCount
    free = edgesAt + edgeCount
    for (let leaf = node.leaf; leaf >= 0; leaf = leaves.after(leaf)) {
      cells[free + leafCell.methods] = leaves.methodsOf(leaf)
      cells[free + leafCell.route] = leaves.routeOf(leaf)
      cells[free + leafCell.way] = leaves.wayOf(leaf)
      free += leafCell.count
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
  return { cells, ways: leaves.ways, wild }
}

/** How many cells a place and all those below it take. */
function cellCount(node: TreeNode): number {
  let count = cell.text + node.text.length + edgeCountOf(node) + node.leafCount * leafCell.count
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
