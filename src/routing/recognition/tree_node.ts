/** A place in the tree: what comes next in the path decides where to go on. */
export interface TreeNode {
  /** The text that leads here from the place before; empty behind a value. */
  text: string
  /** Where text leads on when it leads to one place only. */
  only: TreeNode | null
  /** Where text leads on when it leads to several places, by the code of its first character less `lowest`. */
  edges: (TreeNode | undefined)[] | null
  /** The lowest first character of `edges`. */
  lowest: number
  /** Where a run of characters up to the next slash or dot leads. */
  run: TreeNode | null
  /** Where everything up to the next slash leads. */
  segment: TreeNode | null
  /** The first and the last of the routes whose path ends here, in their order, and how many there are; -1 for none. See `LeafList`. */
  leaf: number
  lastLeaf: number
  leafCount: number
  /** Routes that only their whole expression can decide, first declared first. */
  wild: WildRoute[] | null
  /** The first route at or below this place; nothing here can beat an earlier one. */
  first: number
}

/** A route whose whole expression is tried. */
export interface WildRoute {
  /** Its place in the order of declaration. */
  readonly index: number
  /** The methods that it answers, a bit each. */
  readonly methods: number
}

/** Later than any route. Fits a cell of the laid out tree. */
export const noRoute = 0x7fffffff

/** A place that only lies on the way to the route `first`. */
export function newNode(text: string, first: number): TreeNode {
  return { text, first, only: null, edges: null, lowest: 0, wild: null, leaf: -1, lastLeaf: -1, leafCount: 0, run: null, segment: null }
}

/** Goes along the text, splitting what is there where it differs. */
export function followText(start: TreeNode, whole: string, index: number): TreeNode {
  let place = start
  let at = 0
  while (at < whole.length) {
    const next = edgeAt(place, whole.charCodeAt(at))
    if (next === undefined) {
      const node = newNode(whole.slice(at), index)
      addEdge(place, node)
      return node
    }
    const shared = sharedLength(next.text, whole, at)
    place = shared < next.text.length ? splitEdge(place, next, shared) : next
    at += shared
  }
  return place
}

function edgeAt({ only, edges, lowest }: TreeNode, code: number): TreeNode | undefined {
  if (only !== null) return only.text.charCodeAt(0) === code ? only : undefined
  return edges?.[code - lowest]
}

/** An array over the codes that occur is a faster look-up than a map. */
function addEdge(place: TreeNode, node: TreeNode): void {
  const code = node.text.charCodeAt(0)
  if (place.only === null && place.edges === null) {
    place.only = node
    return
  }
  if (place.only !== null) {
    place.edges = [place.only]
    place.lowest = place.only.text.charCodeAt(0)
    place.only = null
  }
  const edges = place.edges!
  if (code < place.lowest) {
    place.edges = [node, ...Array<undefined>(place.lowest - code - 1).fill(undefined), ...edges]
    place.lowest = code
  } else {
    while (edges.length <= code - place.lowest) edges.push(undefined)
    edges[code - place.lowest] = node
  }
}

/** Puts a place between two others, where the text to the second one is as long as `at`. */
function splitEdge(place: TreeNode, node: TreeNode, at: number): TreeNode {
  const middle = newNode(node.text.slice(0, at), node.first)
  if (place.only === node) place.only = middle
  else place.edges![node.text.charCodeAt(0) - place.lowest] = middle
  node.text = node.text.slice(at)
  middle.only = node
  return middle
}

/** How much of `text` stands in `whole` from `at` on. */
function sharedLength(text: string, whole: string, at: number): number {
  const most = Math.min(text.length, whole.length - at)
  let length = 0
  while (length < most && text.charCodeAt(length) === whole.charCodeAt(at + length)) length++
  return length
}
