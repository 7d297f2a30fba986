import type { PathPattern } from './path/path_pattern.ts'
import type { Requirement } from './path/requirement.ts'
import { isRedirect } from './redirect.ts'
import { type CallSite, resolveLocation, type SourceLocation } from './source_location.ts'
import type { Constraint, Predicate } from './types.ts'

/** What the DSL found out about one route. */
export interface RouteDefinition {
  readonly name: string | null
  /** Upper case; empty for any method. */
  readonly verbs: readonly string[]
  readonly pattern: PathPattern
  readonly defaults: Readonly<Record<string, unknown>>
  /** The defaults that generation must be given, unless the path has them. */
  readonly requiredDefaults: Readonly<Record<string, unknown>>
  /** What request attributes must be. */
  readonly conditions: Readonly<Record<string, Constraint>>
  readonly predicates: readonly Predicate[]
  /** Options of the surrounding scopes that no rule takes. */
  readonly scopeOptions: Readonly<Record<string, unknown>>
  readonly target: unknown
  readonly callSite: CallSite | undefined
}

/** One line of the route table. */
export class Route {
  readonly index: number
  readonly name: string | null
  /** `GET`, `GET|POST`, or empty for any. */
  readonly verb: string
  readonly verbs: readonly string[]
  /** As `regauge routes` prints it: `/articles/:slug(.:format)`. */
  readonly path: string
  readonly pattern: PathPattern
  readonly kind: 'action' | 'redirect' | 'mount'
  readonly defaults: Readonly<Record<string, unknown>>
  readonly conditions: Readonly<Record<string, Constraint>>
  readonly predicates: readonly Predicate[]
  readonly scopeOptions: Readonly<Record<string, unknown>>
  /** The redirect, or what was mounted. */
  readonly target?: unknown
  readonly #callSite: CallSite | undefined
  readonly #declaredDefaults: Readonly<Record<string, unknown>>
  #requiredDefaults: Readonly<Record<string, unknown>> | undefined

  constructor(index: number, definition: RouteDefinition) {
    this.index = index
    this.name = definition.name
    this.verbs = definition.verbs
    this.verb = definition.verbs.length === 1 ? definition.verbs[0]! : definition.verbs.join('|')
    this.pattern = definition.pattern
    this.path = definition.pattern.spec
    this.kind = definition.target === undefined ? 'action' : isRedirect(definition.target) ? 'redirect' : 'mount'
    this.defaults = definition.defaults
    this.#declaredDefaults = definition.requiredDefaults
    this.conditions = definition.conditions
    this.predicates = definition.predicates
    this.scopeOptions = definition.scopeOptions
    if (definition.target !== undefined) this.target = definition.target
    this.#callSite = definition.callSite
  }

  /** `api/articles`, or undefined when the path decides or nothing is dispatched. */
  get controller(): string | undefined {
    return this.#fixed('controller')
  }

  /** `show`, or undefined when the path decides or nothing is dispatched. */
  get action(): string | undefined {
    return this.#fixed('action')
  }

  /** The defaults that generation must be given, such as controller and action. */
  get requiredDefaults(): Readonly<Record<string, unknown>> {
    return (this.#requiredDefaults ??= this.#chooseRequiredDefaults())
  }

  /** What segments must look like. */
  get requirements(): Readonly<Record<string, Requirement>> {
    return this.pattern.requirements
  }

  /** Segments in the order of the path. */
  get parts(): readonly string[] {
    return this.pattern.names
  }

  /** Segments without which no URL can be made. */
  get requiredParts(): readonly string[] {
    return this.pattern.requiredNames
  }

  /** The line of the routes file that drew the route. */
  get source(): SourceLocation | undefined {
    return resolveLocation(this.#callSite)
  }

  #chooseRequiredDefaults(): Readonly<Record<string, unknown>> {
    const isRequired = (name: string) => Object.hasOwn(this.#declaredDefaults, name) && !this.pattern.names.includes(name)
    return Object.fromEntries(Object.entries(this.defaults).filter(([name]) => isRequired(name)))
  }

  #fixed(name: 'controller' | 'action'): string | undefined {
    const value = this.pattern.names.includes(name) ? undefined : this.defaults[name]
    return typeof value === 'string' ? value : undefined
  }
}
