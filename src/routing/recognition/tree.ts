import type { GuardedExpression } from '../expression/guarded_expression.ts'
import type { PathNode } from '../path/nodes.ts'
import type { Route } from '../route.ts'
import { anyRun, type Candidate, sharedNames } from './candidate.ts'
import { areAmbiguous, type Reading } from './readings.ts'

/** A route at the place of the tree where its path ends. What a search reads lies here, a step away: far memory costs more than the search. */
export interface Leaf {
  readonly candidate: Candidate
  readonly route: Route
  /** The route's place in the order of declaration. */
  readonly index: number
  readonly isConditional: boolean
  /** The names of the runs cut out on the way here. */
  readonly names: readonly string[]
  /** What the runs must look like; null where anything will do. */
  readonly tests: readonly (GuardedExpression | null)[] | null
  /** Whether optional parts could be chosen in several ways, so that the whole expression must decide. */
  readonly isAmbiguous: boolean
  readonly defaultNames: readonly string[]
  readonly defaultValues: readonly unknown[]
  /** Whether controller and action are the only defaults. */
  readonly isPlain: boolean
  readonly controller: unknown
  readonly action: unknown
}

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
  /** The first declared route whose path ends here, and the later ones in their order. */
  leaf: Leaf | null
  laterLeaves: Leaf[] | null
  /** Routes that only their whole expression can decide, first declared first. */
  wild: Candidate[] | null
  /** The first route at or below this place; nothing here can beat an earlier one. */
  first: number
}

/** Later than any route. Fits a cell of the laid out tree. */
export const noRoute = 0x7fffffff

/** An empty place. */
export function newNode(text = ''): TreeNode {
  return {
    text,
    first: noRoute,
    only: null,
    edges: null,
    lowest: 0,
    wild: null,
    leaf: null,
    laterLeaves: null,
    run: null,
    segment: null,
  }
}

/** Lays a route out in the tree, once for each choice of its optional parts. Routes must come in their order. */
export function insert(root: TreeNode, candidate: Candidate): void {
  const { pattern } = candidate.route
  const alternatives = pattern.anchored ? pattern.alternatives : null
  if (alternatives === null) {
    addWild(follow(root, leadingText(pattern.nodes), candidate).place, candidate)
    return
  }
  const readings = alternatives.map((nodes) => follow(root, nodes, candidate))
  const isAmbiguous = areAmbiguous(pattern, readings, candidate.rules)
  for (let i = 0; i < readings.length; i++) {
    const { place, names, tests, isWhole } = readings[i]!
    if (!isWhole) addWild(place, candidate)
    else addLeaf(place, leafFor(candidate, names, tests, isAmbiguous))
  }
}

function leafFor(candidate: Candidate, names: readonly string[], tests: Leaf['tests'], isAmbiguous: boolean): Leaf {
  const { route, isConditional, defaultNames, defaultValues } = candidate
  const { controller, action } = route.defaults
  const isPlain = defaultNames.length === 2 && defaultNames[0] === 'controller' && defaultNames[1] === 'action'
  return {
    index: route.index,
    isConditional,
    isAmbiguous,
    isPlain,
    tests,
    names: sharedNames(names),
    route,
    controller,
    action,
    candidate,
    defaultNames,
    defaultValues,
  }
}

function addLeaf(place: TreeNode, leaf: Leaf): void {
  if (place.leaf === null) place.leaf = leaf
  else if ((place.laterLeaves?.at(-1) ?? place.leaf).candidate !== leaf.candidate) (place.laterLeaves ??= []).push(leaf)
}

/** A reading of a path, and where it ends in the tree. */
interface Followed extends Reading {
  readonly place: TreeNode
  readonly names: readonly string[]
  readonly tests: Leaf['tests']
}

/** Goes along the pieces as far as text and values with an end in sight lead. */
function follow(root: TreeNode, nodes: readonly PathNode[], { route, rules }: Candidate): Followed {
  const names: string[] = []
  let tests: (GuardedExpression | null)[] | null = null
  let place = root
  place.first = Math.min(place.first, route.index)
  for (let position = 0; position < nodes.length; position++) {
    const node = nodes[position]!
    if (node.kind === 'text') place = followText(place, node.text, route.index)
    else {
      if (node.kind !== 'segment') return { nodes, place, names, tests, isWhole: false }
      const { reach, test } = rules.get(node.name) ?? anyRun
      if (reach === 'open' || !endsAt(reach, nodes[position + 1])) return { nodes, place, names, tests, isWhole: false }
      // Most routes ask nothing of their values.
      if (test !== null) (tests ??= names.map(() => null)).push(test)
      else tests?.push(null)
      names.push(node.name)
      place = place[reach] ??= newNode()
      place.first = Math.min(place.first, route.index)
    }
  }
  return { nodes, place, names, tests, isWhole: true }
}

function addWild(place: TreeNode, candidate: Candidate): void {
  place.wild ??= []
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
  let at = 0
  while (at < whole.length) {
    const next = edgeAt(place, whole.charCodeAt(at))
    if (next === undefined) {
      const node = newNode(whole.slice(at))
      node.first = index
      addEdge(place, node)
      return node
    }
    const shared = sharedLength(next.text, whole, at)
    const reached = shared < next.text.length ? splitEdge(place, next, shared) : next
    if (index < reached.first) reached.first = index
    place = reached
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
  const middle = newNode(node.text.slice(0, at))
  middle.first = node.first
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

/** The text before anything that varies. */
function leadingText(nodes: readonly PathNode[]): readonly PathNode[] {
  const first = nodes[0]
  if (first?.kind !== 'text') return []
  return [first.text === '/' ? first : { kind: 'text', text: first.text }]
}
