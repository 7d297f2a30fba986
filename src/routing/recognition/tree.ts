import type { PathNode } from '../path/nodes.ts'
import type { PathPattern } from '../path/path_pattern.ts'
import type { Route } from '../route.ts'
import { type Candidate, candidateFor } from './candidate.ts'
import { areAmbiguous, type Reading } from './readings.ts'
import { anyRun, rulesOf, type SegmentRules } from './segment_rules.ts'
import { followText, type Leaf, newNode, noRoute, type Tests, type TreeNode } from './tree_node.ts'

/** A reading of a path, and where it ends in the tree. */
interface End extends Reading {
  readonly place: TreeNode
  readonly names: readonly string[]
  readonly tests: Tests
}

/** Lays routes out in a tree, once for each choice of their optional parts. */
export class RouteTree {
  readonly root = newNode('', noRoute)
  // Routes of one path mostly follow one another: the way is gone once for all of them.
  #pattern: PathPattern | undefined
  #ends: readonly End[] = []
  #isAmbiguous = false

  /** Adds a route. Routes must come in their order.
   * @param methods the methods that it answers, a bit each
   */
  add(route: Route, methods: number): void {
    const candidate = candidateFor(route, methods)
    if (route.pattern !== this.#pattern) this.#follow(route)
    const ends = this.#ends
    for (let i = 0; i < ends.length; i++) {
      if (ends[i]!.isWhole) addLeaf(ends[i]!, candidate, this.#isAmbiguous)
      else addWild(ends[i]!.place, candidate)
    }
  }

  #follow({ pattern, index }: Route): void {
    if (index < this.root.first) this.root.first = index
    const rules = rulesOf(pattern.requirements)
    this.#pattern = pattern
    this.#isAmbiguous = false
    const short = pattern.anchored ? withoutLastOption(pattern.nodes, rules) : undefined
    if (short !== undefined) {
      const end = follow(begin(this.root), pattern.nodes, short, rules, index)
      const option = pattern.nodes[short]
      this.#ends = option?.kind === 'group' && end.isWhole ? [end, follow(end, option.nodes, option.nodes.length, rules, index)] : [end]
      return
    }
    const alternatives = pattern.anchored ? pattern.alternatives : null
    if (alternatives === null) {
      const text = leadingText(pattern.nodes)
      this.#ends = [{ ...follow(begin(this.root), text, text.length, rules, index), isWhole: false }]
      return
    }
    this.#ends = alternatives.map((nodes) => follow(begin(this.root), nodes, nodes.length, rules, index))
    this.#isAmbiguous = areAmbiguous(pattern, this.#ends, rules)
  }
}

function begin(root: TreeNode): End {
  return { nodes: [], place: root, names: [], tests: null, isWhole: true }
}

/** How many pieces a path has before its one optional part, which comes last, as the format nearly always does, so that both readings go one way.
 * Undefined for other paths.
 */
function withoutLastOption(nodes: readonly PathNode[], rules: SegmentRules): number | undefined {
  const last = nodes.length - 1
  for (let i = 0; i < last; i++) if (nodes[i]!.kind === 'group') return undefined
  const option = nodes[last]
  if (option?.kind !== 'group') return nodes.length
  for (let i = 0; i < option.nodes.length; i++) if (option.nodes[i]!.kind === 'group') return undefined
  const before = nodes[last - 1]
  if (before?.kind === 'segment' && !endsAt((rules.get(before.name) ?? anyRun).reach, option.nodes[0])) return undefined
  return last
}

/** Goes along the first `count` pieces, as far as text and values with an end in sight lead. */
function follow(from: End, nodes: readonly PathNode[], count: number, rules: SegmentRules, index: number): End {
  const names = from.names.slice()
  let tests = from.tests?.slice() ?? null
  let { place } = from
  for (let position = 0; position < count; position++) {
    const node = nodes[position]!
    if (node.kind === 'text') place = followText(place, node.text, index)
    else {
      if (node.kind !== 'segment') return { nodes, place, names, tests, isWhole: false }
      const { reach, test } = rules.get(node.name) ?? anyRun
      const next = position + 1 < count ? nodes[position + 1] : undefined
      if (reach === 'open' || !endsAt(reach, next)) return { nodes, place, names, tests, isWhole: false }
      // Most routes ask nothing of their values.
      if (test !== null) (tests ??= names.map(() => null)).push(test)
      else tests?.push(null)
      names.push(node.name)
      place = place[reach] ??= newNode('', index)
    }
  }
  return { nodes, place, names: sharedNames(names), tests, isWhole: true }
}

function addLeaf({ place, names, tests }: End, candidate: Candidate, isAmbiguous: boolean): void {
  const leaves = (place.leaves ??= [])
  if (leaves.length > 0 && leaves[leaves.length - 1]!.candidate === candidate) return
  const { route, isConditional, isPlain, controller, action } = candidate
  const leaf: Leaf = { index: route.index, isConditional, isAmbiguous, isPlain, tests, names, route, controller, action, candidate }
  leaves.push(leaf)
}

function addWild(place: TreeNode, candidate: Candidate): void {
  place.wild ??= []
  if (place.wild.at(-1) !== candidate) place.wild.push(candidate)
}

/** Whether a value that reaches so far is over where the next piece begins. */
function endsAt(reach: 'run' | 'segment' | 'open', next: PathNode | undefined): boolean {
  if (next === undefined) return true
  return next.kind === 'text' && (next.text.startsWith('/') || (reach === 'run' && next.text.startsWith('.')))
}

/** The text before anything that varies. */
function leadingText(nodes: readonly PathNode[]): readonly PathNode[] {
  const first = nodes[0]
  return first?.kind === 'text' ? [first] : []
}

/** One list for all that have the same names, which most routes have: it stays near. */
function sharedNames(names: readonly string[]): readonly string[] {
  if (names.length < 2) return sharedName(names[0])
  const key = names.join('\0')
  const known = lists.get(key)
  if (known !== undefined) return known
  if (lists.size < 1000) lists.set(key, names)
  return names
}

function sharedName(name: string | undefined): readonly string[] {
  if (name === undefined) return noNames
  const known = lists.get(name)
  if (known !== undefined) return known
  const names = [name]
  if (lists.size < 1000) lists.set(name, names)
  return names
}

const noNames: readonly string[] = []

const lists = new Map<string, readonly string[]>()
