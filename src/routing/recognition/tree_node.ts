/** A place in the tree: what comes next in the path decides where to go on. */
export interface TreeNode {
  /** The text that leads here from the place before; empty behind a value. */
  text: string
  /** The first of the places that text leads to from here. */
  below: TreeNode | null
  /** The next of the places that text leads to from the place before. */
  beside: TreeNode | null
  /** Where a run of characters up to the next slash or dot leads. */
  run: TreeNode | null
  /** Where everything up to the next slash leads. */
  segment: TreeNode | null
  /** The first and the last of the routes whose path ends here, in their order; -1 for none. See `LeafList`. */
  leaf: number
  lastLeaf: number
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
  return { text, first, below: null, beside: null, wild: null, leaf: -1, lastLeaf: -1, run: null, segment: null }
}

/** Goes along the text, splitting what is there where it differs. */
export function followText(start: TreeNode, whole: string, index: number): TreeNode {
  let place = start
  let at = 0
  while (at < whole.length) {
    const next = placeBelow(place, whole.charCodeAt(at))
    if (next === null) {
      const node = newNode(at === 0 ? whole : whole.slice(at), index)
      node.beside = place.below
      place.below = node
      return node
    }
    const shared = whole.startsWith(next.text, at) ? next.text.length : sharedLength(next.text, whole, at)
    place = shared < next.text.length ? split(place, next, shared) : next
    at += shared
  }
  return place
}

function placeBelow({ below }: TreeNode, code: number): TreeNode | null {
  for (let node = below; node !== null; node = node.beside) if (node.text.charCodeAt(0) === code) return node
  return null
}

/** Puts a place between two others, where the text to the second one is as long as `at`. */
function split(place: TreeNode, node: TreeNode, at: number): TreeNode {
  const middle = newNode(node.text.slice(0, at), node.first)
  middle.below = node
  middle.beside = node.beside
  if (place.below === node) place.below = middle
  else before(place, node).beside = middle
  node.beside = null
  node.text = node.text.slice(at)
  return middle
}

/** The place whose neighbour the other one is. */
function before(place: TreeNode, other: TreeNode): TreeNode {
  let node = place.below!
  while (node.beside !== other) node = node.beside!
  return node
}

/** How much of `text` stands in `whole` from `at` on. */
function sharedLength(text: string, whole: string, at: number): number {
  const most = Math.min(text.length, whole.length - at)
  let length = 0
  while (length < most && text.charCodeAt(length) === whole.charCodeAt(at + length)) length++
  return length
}
