import { pushText, type PathNode } from '../path/nodes.ts'
import { anyRun, type Candidate } from './candidate.ts'
import { areAmbiguous } from './readings.ts'

/** A route at the place of the tree where its path ends. */
export interface Leaf {
  readonly candidate: Candidate
  /** The names of the runs cut out on the way here. */
  readonly names: readonly string[]
  /** What the runs must look like; null where anything will do. */
  readonly tests: readonly (RegExp | null)[] | null
  /** Whether optional parts could be chosen in several ways, so that the whole expression must decide. */
  readonly isAmbiguous: boolean
}

/** Text that leads from one place to the next. */
export interface Edge {
  text: string
  node: TreeNode
}

/** A place in the tree: what comes next in the path decides where to go on. */
export interface TreeNode {
  /** Text that leads on, by the code of its first character less `lowest`. */
  edges: (Edge | undefined)[]
  /** The lowest first character of `edges`. */
  lowest: number
  /** Where a run of characters up to the next slash or dot leads. */
  run: TreeNode | null
  /** Where everything up to the next slash leads. */
  segment: TreeNode | null
  /** Routes whose path ends here, first declared first. */
  readonly leaves: Leaf[]
  /** Routes that only their whole expression can decide, first declared first. */
  readonly wild: Candidate[]
  /** The first route at or below this place; nothing here can beat an earlier one. */
  first: number
}

/** A route with more optional parts than this is decided by its expression instead of being laid out. */
const mostAlternatives = 64

/** An empty place. */
export function newNode(): TreeNode {
  return { edges: [], lowest: 0, run: null, segment: null, leaves: [], wild: [], first: Number.POSITIVE_INFINITY }
}

/** Lays a route out in the tree, once for each choice of its optional parts. Routes must come in their order. */
export function insert(root: TreeNode, candidate: Candidate): void {
  const { pattern } = candidate.route
  const alternatives = pattern.anchored ? expand(pattern.nodes) : null
  if (alternatives === null) {
    addWild(follow(root, leadingText(pattern.nodes), candidate).place, candidate)
    return
  }
  const readings = alternatives.map((nodes) => ({ nodes, ...follow(root, nodes, candidate) }))
  const isAmbiguous = areAmbiguous(pattern.nodes, readings, candidate.rules)
  for (const { place, names, tests, isWhole } of readings) {
    if (!isWhole) addWild(place, candidate)
    else if (place.leaves.at(-1)?.candidate !== candidate) {
      place.leaves.push({ candidate, names, tests: tests.some((test) => test !== null) ? tests : null, isAmbiguous })
    }
  }
}

/** Goes along the pieces as far as text and values with an end in sight lead. */
function follow(root: TreeNode, nodes: readonly PathNode[], { route, rules }: Candidate) {
  const names: string[] = []
  const tests: (RegExp | null)[] = []
  let place = root
  place.first = Math.min(place.first, route.index)
  for (const [position, node] of nodes.entries()) {
    if (node.kind === 'text') place = followText(place, node.text, route.index)
    else {
      if (node.kind !== 'segment') return { place, names, tests, isWhole: false }
      const { reach, test } = rules.get(node.name) ?? anyRun
      if (reach === 'open' || !endsAt(reach, nodes[position + 1])) return { place, names, tests, isWhole: false }
      names.push(node.name)
      tests.push(test)
      place = place[reach] ??= newNode()
      place.first = Math.min(place.first, route.index)
    }
  }
  return { place, names, tests, isWhole: true }
}

function addWild(place: TreeNode, candidate: Candidate): void {
  if (place.wild.at(-1) !== candidate) place.wild.push(candidate)
}

/** Whether a value that reaches so far is over where the next piece begins. */
function endsAt(reach: 'run' | 'segment', next: PathNode | undefined): boolean {
  if (next === undefined) return true
  return next.kind === 'text' && (next.text.startsWith('/') || (reach === 'run' && next.text.startsWith('.')))
}

/** Goes along the text, splitting what is there where it differs. */
function followText(start: TreeNode, whole: string, index: number): TreeNode {
  let place = start
  let text = whole
  while (text !== '') {
    const edge = place.edges[text.charCodeAt(0) - place.lowest]
    if (edge === undefined) {
      const node = newNode()
      node.first = index
      addEdge(place, { text, node })
      return node
    }
    const shared = sharedLength(edge.text, text)
    if (shared < edge.text.length) splitEdge(edge, shared)
    edge.node.first = Math.min(edge.node.first, index)
    place = edge.node
    text = text.slice(shared)
  }
  return place
}

/** An array over the codes that occur is a faster look-up than a map. */
function addEdge(place: TreeNode, edge: Edge): void {
  const code = edge.text.charCodeAt(0)
  const { edges, lowest } = place
  if (edges.length === 0) {
    place.lowest = code
    edges.push(edge)
  } else if (code < lowest) {
    place.edges = [edge, ...Array<undefined>(lowest - code - 1).fill(undefined), ...edges]
    place.lowest = code
  } else {
    while (edges.length <= code - lowest) edges.push(undefined)
    edges[code - lowest] = edge
  }
}

function splitEdge(edge: Edge, at: number): void {
  const middle = newNode()
  middle.first = edge.node.first
  addEdge(middle, { text: edge.text.slice(at), node: edge.node })
  edge.node = middle
  edge.text = edge.text.slice(0, at)
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

/** The text before anything that varies. */
function leadingText(nodes: readonly PathNode[]): readonly PathNode[] {
  const first = nodes[0]
  if (first?.kind !== 'text') return []
  return [first.text === '/' ? first : { kind: 'text', text: first.text }]
}

/** Every choice of optional parts, those with more parts first, or null when there are too many. */
function expand(nodes: readonly PathNode[]): readonly PathNode[][] | null {
  let alternatives: PathNode[][] = [[]]
  for (const node of nodes) {
    if (node.kind !== 'group') {
      for (const alternative of alternatives) append(alternative, [node])
      continue
    }
    const inner = expand(node.nodes)
    if (inner === null || alternatives.length * (inner.length + 1) > mostAlternatives) return null
    alternatives = alternatives.flatMap((alternative) => [...inner.map((choice) => append([...alternative], choice)), alternative])
  }
  return alternatives
}

function append(to: PathNode[], nodes: readonly PathNode[]): PathNode[] {
  for (const node of nodes) {
    if (node.kind === 'text') pushText(to, node.text)
    else to.push(node)
  }
  return to
}
