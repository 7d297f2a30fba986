import { InvalidPathEncoding } from '../errors.ts'
import { unescapePath } from '../path/escape.ts'
import type { Route } from '../route.ts'
import type { PathParameters, RequestAttributes } from '../types.ts'
import { noRequest } from '../request_attributes.ts'
import { type Candidate, candidateFor } from './candidate.ts'
import { Parameters, type Recognized } from './recognized.ts'
import { insert, type Leaf, newNode, type TreeNode } from './tree.ts'

/** Paths longer than this, in characters, don't match expressions with several unbounded parts. */
const longestCostlyPath = 2048

/** Finds the first declared of its routes that fits a path. The cost grows with the path, not with the number of routes. */
export class Matcher {
  readonly #root: TreeNode = newNode()
  // The search's own state: a matcher is never entered twice at once, so nothing is allocated for a search.
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #path = ''
  #after = -1
  #bestIndex = Number.POSITIVE_INFINITY
  #best: Recognized | null = null
  #bestLeaf: Leaf | null = null
  #bestCuts: number[] = []
  #conditional: Conditional[] | null = null

  constructor(routes: Iterable<Route>) {
    for (const route of routes) insert(this.#root, candidateFor(route))
  }

  /** The first route after `after` whose path, conditions and predicates fit.
   * @param path normalised, without query
   * @throws InvalidPathEncoding when a captured segment isn't valid UTF-8
   */
  find(path: string, request: RequestAttributes = noRequest, after = -1): Recognized | null {
    this.#path = path
    this.#after = after
    this.#bestIndex = Number.POSITIVE_INFINITY
    this.#best = null
    this.#bestLeaf = null
    this.#conditional = null
    this.#walk(this.#root, 0, 0)
    const best = this.#bestLeaf === null ? this.#best : this.#takeLeaf(this.#bestLeaf, this.#bestCuts)
    const conditional = this.#conditional as Conditional[] | null
    return conditional === null ? best : (firstThatFits(conditional, this.#bestIndex, request) ?? best)
  }

  #walk(node: TreeNode, position: number, depth: number): void {
    if (node.first >= this.#bestIndex) return
    const path = this.#path
    const { wild } = node
    for (let i = 0; i < wild.length; i++) if (this.#isOpen(wild[i]!)) this.#tryWhole(wild[i]!)
    if (position === path.length) {
      const { leaves } = node
      for (let i = 0; i < leaves.length; i++) if (this.#isOpen(leaves[i]!.candidate)) this.#tryLeaf(leaves[i]!, depth)
      return
    }
    const key = path.charCodeAt(position) - node.lowest
    const edge = key >= 0 && key < node.edges.length ? node.edges[key] : undefined
    if (edge !== undefined && follows(path, position, edge.text)) this.#walk(edge.node, position + edge.text.length, depth)
    if (node.run !== null) this.#cut(node.run, position, runEnd(path, position), depth)
    if (node.segment !== null) this.#cut(node.segment, position, segmentEnd(path, position), depth)
  }

  /** Goes on behind a value that ends at `end`. */
  #cut(node: TreeNode, start: number, end: number, depth: number): void {
    if (end === start) return
    this.#starts[depth] = start
    this.#ends[depth] = end
    this.#walk(node, end, depth + 1)
  }

  #isOpen({ route }: Candidate): boolean {
    return route.index < this.#bestIndex && route.index > this.#after
  }

  #tryLeaf(leaf: Leaf, depth: number): void {
    if (leaf.isAmbiguous) {
      this.#tryWhole(leaf.candidate)
      return
    }
    const { tests } = leaf
    if (tests !== null) {
      for (let i = 0; i < depth; i++) {
        if (tests[i] !== null && !tests[i]!.test(this.#path.slice(this.#starts[i], this.#ends[i]))) return
      }
    }
    const cuts: number[] = leaf.candidate.isConditional ? [] : this.#bestCuts
    // Written over and never shortened, which costs more than the search: a leaf's names tell how many count.
    for (let i = 0; i < depth; i++) {
      cuts[2 * i] = this.#starts[i]!
      cuts[2 * i + 1] = this.#ends[i]!
    }
    if (leaf.candidate.isConditional) {
      ;(this.#conditional ??= []).push({ candidate: leaf.candidate, found: this.#takeLeaf(leaf, cuts) })
      return
    }
    this.#bestIndex = leaf.candidate.route.index
    this.#bestLeaf = leaf
    this.#best = null
  }

  #takeLeaf({ candidate, names }: Leaf, cuts: readonly number[]): Recognized {
    const params = withDefaults(candidate)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      params[name] = decode(name, this.#path.slice(cuts[2 * i], cuts[2 * i + 1]))
    }
    return { route: candidate.route, params }
  }

  #tryWhole(candidate: Candidate): void {
    if (candidate.isCostly && this.#path.length > longestCostlyPath) return
    const { pattern } = candidate.route
    const match = pattern.regexp.exec(this.#path)
    if (match === null) return
    const params = withDefaults(candidate)
    for (let i = 0; i < pattern.names.length; i++) {
      const name = pattern.names[i]!
      const value = pattern.capture(match, i)
      if (value !== undefined) params[name] = decode(name, value)
    }
    const found: Recognized = pattern.anchored
      ? { route: candidate.route, params }
      : { route: candidate.route, params, ...prefixOf(match[0], this.#path) }
    if (candidate.isConditional) {
      ;(this.#conditional ??= []).push({ candidate, found })
      return
    }
    this.#bestIndex = candidate.route.index
    this.#best = found
    this.#bestLeaf = null
  }
}

/** Whether the path has the text at a position where the first character is known to be right. */
function follows(path: string, position: number, text: string): boolean {
  return text.length === 1 || path.startsWith(text, position)
}

/** Where the next slash, dot or question mark is, or the path ends. */
function runEnd(path: string, start: number): number {
  for (let end = start; end < path.length; end++) {
    const code = path.charCodeAt(end)
    if (code === 47 || code === 46 || code === 63) return end
  }
  return path.length
}

function segmentEnd(path: string, start: number): number {
  const end = path.indexOf('/', start)
  return end < 0 ? path.length : end
}

function withDefaults({ route, defaultNames }: Candidate): PathParameters {
  const params = new Parameters()
  for (let i = 0; i < defaultNames.length; i++) params[defaultNames[i]!] = route.defaults[defaultNames[i]!]
  return params
}

function decode(name: string, value: string): string {
  const decoded = unescapePath(value)
  if (decoded === undefined) throw new InvalidPathEncoding({ parameter: name })
  return decoded
}

function prefixOf(matched: string, path: string): { matched: string; rest: string } {
  const rest = path.slice(matched.length)
  return { matched: matched.replace(/\/$/, ''), rest: rest.startsWith('/') ? rest : `/${rest}` }
}

/** A route that fits the path, and whose conditions are still to be asked. */
interface Conditional {
  readonly candidate: Candidate
  readonly found: Recognized
}

/** Asks the conditions in the order of declaration, and each only when the ones before said no. */
function firstThatFits(conditional: Conditional[], limit: number, request: RequestAttributes): Recognized | null {
  conditional.sort((a, b) => a.found.route.index - b.found.route.index)
  for (const { candidate, found } of conditional) {
    if (found.route.index >= limit) return null
    if (fits(candidate, found, request)) return found
  }
  return null
}

function fits({ conditions }: Candidate, { route, params }: Recognized, request: RequestAttributes): boolean {
  for (const condition of conditions) if (!condition(request)) return false
  for (const predicate of route.predicates) if (!predicate(request, params)) return false
  return true
}
