import { InvalidPathEncoding } from '../errors.ts'
import { normalizePath, unescapePath } from '../path/escape.ts'
import type { Route } from '../route.ts'
import type { PathParameters, RequestAttributes } from '../types.ts'
import { noRequest } from '../request_attributes.ts'
import { isEmpty } from '../dsl/common_options.ts'
import { cell, compactTree, leafCell } from './compact_tree.ts'
import type { Way } from './leaf_list.ts'
import { type PreparedRoute, prepareRoute } from './prepared_route.ts'
import { Parameters, type Recognized } from './recognized.ts'
import { RouteTree } from './tree.ts'
import { noRoute, type WildRoute } from './tree_node.ts'

/** Finds the first declared of its routes that fits a path. The cost grows with the path, not with the number of routes. */
export class Matcher {
  readonly #cells: Int32Array
  readonly #ways: readonly Way[]
  readonly #wild: readonly (readonly WildRoute[])[]
  readonly #routes: readonly Route[]
  // By index; those that no request has met aren't prepared.
  readonly #prepared: (PreparedRoute | undefined)[]
  // The search's own state: a matcher is never entered twice at once, so nothing is allocated for a search.
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #path = ''
  #method = 0
  #after = -1
  #bestIndex = noRoute
  #best: Recognized | null = null
  #bestLeaf: PreparedRoute | null = null
  #bestNames: readonly string[] = []
  #bestCuts: number[] = []
  #conditional: Conditional[] | null = null

  /** @param methodsOf the methods that a route answers, a bit each */
  constructor(routes: readonly Route[], methodsOf: (route: Route) => number) {
    const tree = new RouteTree()
    for (let i = 0; i < routes.length; i++) {
      const methods = methodsOf(routes[i]!)
      if (methods !== 0) tree.add(routes[i]!, methods)
    }
    const { cells, ways, wild } = compactTree(tree)
    this.#cells = cells
    this.#ways = ways
    this.#wild = wild
    this.#routes = routes
    this.#prepared = new Array<PreparedRoute | undefined>(routes.length).fill(undefined)
    // Their expressions take a while to compile, which no request should wait for.
    for (let i = 0; i < routes.length; i++) if (!isEmpty(routes[i]!.conditions)) this.#routeAt(i)
  }

  /** The first route after `after` whose path, method, conditions and predicates fit.
   * @param method the bit of the request's method
   * @param path normalised but for doubled slashes, without query
   * @throws InvalidPathEncoding when a captured segment isn't valid UTF-8
   */
  find(method: number, path: string, request: RequestAttributes = noRequest, after = -1): Recognized | null {
    this.#path = path
    this.#method = method
    this.#after = after
    this.#bestIndex = noRoute
    this.#best = null
    this.#bestLeaf = null
    this.#conditional = null
    this.#walk(0, 0, 0)
    // Text and segments never hold two slashes, so these matter only, and are looked for only, where an expression or a condition decides.
    const isDecided = this.#bestLeaf !== null && this.#conditional === null
    if (!isDecided && path.includes('//')) return this.find(method, normalizePath(path), request, after)
    const best = this.#bestLeaf === null ? this.#best : this.#takeLeaf(this.#bestLeaf, this.#bestNames, this.#bestCuts)
    const conditional = this.#conditional as Conditional[] | null
    return conditional === null ? best : (firstThatFits(conditional, this.#bestIndex, request) ?? best)
  }

  /** Tries every way on from a place, of which there is mostly one: the last is gone in the same loop.
   * @param at the first cell of the place
   */
  #walk(at: number, position: number, depth: number): void {
    const cells = this.#cells
    const path = this.#path
    while (cells[at + cell.first]! < this.#bestIndex) {
      if (cells[at + cell.wild]! >= 0) this.#tryWild(this.#wild[cells[at + cell.wild]!]!)
      if (position === path.length) {
        this.#tryLeaves(at, depth)
        return
      }
      const run = cells[at + cell.run]!
      const segment = cells[at + cell.segment]!
      const next = this.#edge(at, path.charCodeAt(position), position)
      if (next !== 0) {
        const end = position + cells[next + cell.textLength]!
        if (run === 0 && segment === 0) {
          at = next
          position = end
          continue
        }
        this.#walk(next, end, depth)
      }
      if (run !== 0 && segment !== 0) {
        const end = runEnd(path, position)
        if (end > position) {
          this.#cut(position, end, depth)
          this.#walk(run, end, depth + 1)
        }
      }
      const value = segment === 0 ? run : segment
      if (value === 0) return
      const end = segment === 0 ? runEnd(path, position) : segmentEnd(path, position)
      if (end === position) return
      this.#cut(position, end, depth)
      at = value
      position = end
      depth++
    }
  }

  /** The place that text leads to from here; 0 when the path goes on differently. */
  #edge(at: number, code: number, position: number): number {
    const cells = this.#cells
    const key = code - cells[at + cell.lowest]!
    if (key < 0 || key >= cells[at + cell.edgeCount]!) return 0
    const next = cells[at + cell.text + cells[at + cell.textLength]! + key]!
    return next !== 0 && this.#follows(next, position) ? next : 0
  }

  /** Whether the path has the text that leads to a place; its first character is known to be right. */
  #follows(at: number, position: number): boolean {
    const cells = this.#cells
    const start = at + cell.text
    const length = cells[at + cell.textLength]!
    for (let i = 1; i < length; i++) if (this.#path.charCodeAt(position + i) !== cells[start + i]) return false
    return true
  }

  #cut(start: number, end: number, depth: number): void {
    this.#starts[depth] = start
    this.#ends[depth] = end
  }

  #tryLeaves(at: number, depth: number): void {
    const cells = this.#cells
    const count = cells[at + cell.leafCount]!
    const first = at + cell.text + cells[at + cell.textLength]! + cells[at + cell.edgeCount]!
    for (let leaf = first; leaf < first + count * leafCell.count; leaf += leafCell.count) {
      if ((cells[leaf + leafCell.methods]! & this.#method) === 0) continue
      const index = cells[leaf + leafCell.route]!
      if (this.#isOpen(index)) this.#tryLeaf(index, this.#ways[cells[leaf + leafCell.way]!]!, depth)
    }
  }

  #tryWild(wild: readonly WildRoute[]): void {
    for (let i = 0; i < wild.length; i++) {
      const { index, methods } = wild[i]!
      if ((methods & this.#method) !== 0 && this.#isOpen(index)) this.#tryWhole(index)
    }
  }

  #routeAt(index: number): PreparedRoute {
    return this.#prepared[index] ?? (this.#prepared[index] = prepareRoute(this.#routes[index]!))
  }

  #isOpen(index: number): boolean {
    return index < this.#bestIndex && index > this.#after
  }

  #tryLeaf(index: number, { names, tests, isAmbiguous }: Way, depth: number): void {
    if (isAmbiguous) {
      this.#tryWhole(index)
      return
    }
    if (tests !== null) {
      for (let i = 0; i < depth; i++) {
        if (tests[i] !== null && !tests[i]!.test(this.#path.slice(this.#starts[i], this.#ends[i]))) return
      }
    }
    const leaf = this.#routeAt(index)
    const cuts: number[] = leaf.isConditional ? [] : this.#bestCuts
    // Written over and never shortened, which costs more than the search: the names tell how many count.
    for (let i = 0; i < depth; i++) {
      cuts[2 * i] = this.#starts[i]!
      cuts[2 * i + 1] = this.#ends[i]!
    }
    if (leaf.isConditional) {
      ;(this.#conditional ??= []).push({ candidate: leaf, found: this.#takeLeaf(leaf, names, cuts) })
      return
    }
    this.#bestIndex = index
    this.#bestLeaf = leaf
    this.#bestNames = names
    this.#best = null
  }

  #takeLeaf(leaf: PreparedRoute, names: readonly string[], cuts: readonly number[]): Recognized {
    const params = defaultsOf(leaf)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      const value = decode(name, this.#path.slice(cuts[2 * i], cuts[2 * i + 1]))
      if (name === 'id') params['id'] = value
      else params[name] = value
    }
    return { route: leaf.route, params }
  }

  #tryWhole(index: number): void {
    const candidate = this.#routeAt(index)
    const { pattern } = candidate.route
    const match = pattern.exec(this.#path)
    if (match === null) return
    const params = defaultsOf(candidate)
    for (let i = 0; i < pattern.names.length; i++) {
      const name = pattern.names[i]!
      const value = pattern.capture(match, i)
      if (value !== undefined) params[name] = decode(name, value)
    }
    const found: Recognized = pattern.anchored
      ? { route: candidate.route, params }
      : { route: candidate.route, params, ...prefixOf(match[0]!, this.#path) }
    if (candidate.isConditional) {
      ;(this.#conditional ??= []).push({ candidate, found })
      return
    }
    this.#bestIndex = index
    this.#best = found
    this.#bestLeaf = null
  }
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

/** Nearly all routes have these two defaults and no others; writing them by name is quicker. */
function defaultsOf(found: PreparedRoute): PathParameters {
  const params = new Parameters()
  if (found.isPlain) {
    params['controller'] = found.controller
    params['action'] = found.action
    return params
  }
  const { defaults } = found.route
  for (const name of Object.keys(defaults)) params[name] = defaults[name]
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
  readonly candidate: PreparedRoute
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

function fits({ conditions }: PreparedRoute, { route, params }: Recognized, request: RequestAttributes): boolean {
  for (const condition of conditions) if (!condition(request)) return false
  for (const predicate of route.predicates) if (!predicate(request, params)) return false
  return true
}
