import { noNames, withName } from '../path/name_list.ts'
import type { PathNode } from '../path/nodes.ts'
import type { PathPattern } from '../path/path_pattern.ts'
import type { Route } from '../route.ts'
import { LeafList, type Way } from './leaf_list.ts'
import { areAmbiguous, type Reading } from './readings.ts'
import { anyRun, rulesOf, type SegmentRules } from './segment_rules.ts'
import { followText, newNode, noRoute, type TreeNode } from './tree_node.ts'

/** A reading of a path, and where it ends in the tree. */
interface End extends Reading, Way {
  readonly place: TreeNode
}

/** Where the routes of a path go. */
interface Destination {
  readonly place: TreeNode
  readonly isWhole: boolean
  /** The number of its way. */
  readonly way: number
}

/** Lays routes out in a tree, once for each choice of their optional parts. */
export class RouteTree {
  readonly root = newNode('', noRoute)
  readonly leaves = new LeafList()
  readonly #start: End = { nodes: [], place: this.root, names: noNames, tests: null, isWhole: true, isAmbiguous: false }
  // Routes of one path mostly follow one another: the way is gone once for all of them.
  #pattern: PathPattern | undefined
  #ends: readonly Destination[] = []

  /** Adds a route. Routes must come in their order.
   * @param methods the methods that it answers, a bit each
   */
  add(route: Route, methods: number): void {
    if (route.pattern !== this.#pattern) this.#follow(route)
    const ends = this.#ends
    for (let i = 0; i < ends.length; i++) {
      // Two readings of a route may end in one place.
      if (ends[i]!.isWhole) this.#addLeaf(ends[i]!, route.index, methods)
      else if (ends[i]!.place.wild?.at(-1)?.index !== route.index) (ends[i]!.place.wild ??= []).push({ index: route.index, methods })
    }
  }

  #addLeaf({ place, way }: Destination, index: number, methods: number): void {
    const { leaves } = this
    if (place.lastLeaf >= 0 && leaves.routeOf(place.lastLeaf) === index) return
    place.lastLeaf = leaves.add(index, methods, way, place.lastLeaf)
    if (place.leaf < 0) place.leaf = place.lastLeaf
  }

  #follow({ pattern, index }: Route): void {
    if (index < this.root.first) this.root.first = index
    const rules = rulesOf(pattern.requirements)
    this.#pattern = pattern
    const short = pattern.anchored ? withoutLastOption(pattern.nodes, rules) : undefined
    if (short !== undefined) {
      const end = follow(this.#start, pattern.nodes, short, rules, index)
      const option = pattern.nodes[short]
      const withoutOption = this.#destination(end)
      if (option?.kind !== 'group' || !end.isWhole) this.#ends = [withoutOption]
      else this.#ends = [withoutOption, this.#destination(follow(end, option.nodes, option.nodes.length, rules, index))]
      return
    }
    const alternatives = pattern.anchored ? pattern.alternatives : null
    if (alternatives === null) {
      const text = leadingText(pattern.nodes)
      this.#ends = [{ place: follow(this.#start, text, text.length, rules, index).place, isWhole: false, way: 0 }]
      return
    }
    const ends = alternatives.map((nodes) => follow(this.#start, nodes, nodes.length, rules, index))
    const isAmbiguous = areAmbiguous(pattern, ends, rules)
    this.#ends = ends.map((end) => this.#destination(isAmbiguous ? { ...end, isAmbiguous } : end))
  }

  #destination(end: End): Destination {
    return { place: end.place, isWhole: end.isWhole, way: end.isWhole ? this.leaves.addWay(end) : 0 }
  }
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
  let { names } = from
  let tests = from.tests?.slice() ?? null
  let { place } = from
  for (let position = 0; position < count; position++) {
    const node = nodes[position]!
    if (node.kind === 'text') place = followText(place, node.text, index)
    else {
      if (node.kind !== 'segment') return { nodes, place, names, tests, isWhole: false, isAmbiguous: false }
      const { reach, test } = rules.get(node.name) ?? anyRun
      const next = position + 1 < count ? nodes[position + 1] : undefined
      if (reach === 'open' || !endsAt(reach, next)) return { nodes, place, names, tests, isWhole: false, isAmbiguous: false }
      // Most routes ask nothing of their values.
      if (test !== null) (tests ??= names.map(() => null)).push(test)
      else tests?.push(null)
      names = withName(names, node.name)
      place = place[reach] ??= newNode('', index)
    }
  }
  return { nodes, place, names, tests, isWhole: true, isAmbiguous: false }
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
