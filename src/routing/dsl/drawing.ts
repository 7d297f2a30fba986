import { InvalidRoute } from '../errors.ts'
import type { ParsedPath } from '../path/parsed_path.ts'
import type { Route } from '../route.ts'
import { type CallSite, callSite, resolveLocation } from '../source_location.ts'
import type { Block, ConcernBlock, DrawOptions, UrlOptions } from '../types.ts'
import type { CustomUrlBlock } from '../generation/custom_urls.ts'
import { type CommonOptions, withCommonOptions } from './common_options.ts'
import type { Declaration } from './mapping.ts'
import { type Frame, Scope, type ScopeLevel } from './scope.ts'

/** A URL helper that a routes file wrote itself. */
export interface CustomUrl {
  readonly options: UrlOptions
  readonly block: CustomUrlBlock
}

/** A route, and what it was drawn of. */
export interface DrawnRoute {
  readonly scope: Scope
  /** As declared, without the format. */
  readonly path: string
  readonly declared: Declaration
  readonly route: Route
  /** Its options that are no expressions, with controller and action. */
  readonly plain: Readonly<Record<string, unknown>>
}

/** What has been drawn so far, and where we are. */
export class Drawing {
  readonly options: DrawOptions
  readonly routes: Route[] = []
  readonly named = new Map<string, Route>()
  readonly concerns = new Map<string, ConcernBlock>()
  /** The paths that were read, as written. */
  readonly paths = new Map<string, ParsedPath>()
  /** Helpers of `direct`, by name. */
  readonly direct = new Map<string, CustomUrl>()
  /** Helpers of `resolve`, by class name. */
  readonly resolve = new Map<string, CustomUrl>()
  /** The word of the DSL that is being drawn, and its place in the routes file once that was asked for. */
  word: Function | undefined
  notedSite: CallSite | undefined
  scope: Scope
  /** The route before, which the next one may be like. */
  before: DrawnRoute | undefined
  /** What the `withOptions` around say. */
  commonOptions: CommonOptions = {}
  defaultUrlOptions: UrlOptions

  constructor(options: DrawOptions) {
    this.options = options
    this.defaultUrlOptions = options.defaultUrlOptions ?? {}
    this.scope = new Scope({ pathNames: { new: 'new', edit: 'edit', ...options.pathNames } })
  }

  /** The call of the routes file that is being drawn. Noted when a route or an error needs it, which scopes don't. */
  get site(): CallSite | undefined {
    if (this.notedSite === undefined && this.word !== undefined) this.notedSite = callSite(this.word)
    return this.notedSite
  }

  /** Changes the paths of actions for what follows. */
  renamePaths(names: Readonly<Record<string, string>>): void {
    this.scope.renamePaths(names)
  }

  /** A drawing that goes on where this one ended. */
  copy(): Drawing {
    const copy = new Drawing(this.options)
    copy.defaultUrlOptions = this.defaultUrlOptions
    for (const route of this.routes) copy.routes.push(route)
    for (const key of ['named', 'concerns', 'direct', 'resolve'] as const) {
      for (const [name, value] of this[key]) (copy[key] as Map<string, unknown>).set(name, value)
    }
    return copy
  }

  /** Runs the block in a scope with this frame. */
  within(frame: Frame, block: Block): void {
    this.#enter(new Scope(frame, this.scope, this.scope.level), block)
  }

  /** Runs the block so that every call inside gets these options under its own. */
  withCommonOptions(options: CommonOptions, block: Block): void {
    this.#withExactly(withCommonOptions(options, this.commonOptions), block)
  }

  /** Runs a block that was written elsewhere: a concern, a split file. */
  withoutCommonOptions(block: Block): void {
    this.#withExactly({}, block)
  }

  /** Runs the block at another level of the same scope. */
  atLevel(level: ScopeLevel, block: Block): void {
    // The frame is repeated, as in Rails: a shallow resource counts once for each level it is seen at.
    this.#enter(new Scope(this.scope.frame, this.scope, level), block)
  }

  /** Ends the drawing with an error that names the line. */
  fail(reason: string, suggestion?: string): never {
    const source = resolveLocation(this.site)
    throw new InvalidRoute({ reason, suggestion, location: source && `${source.file}:${source.line}` })
  }

  #withExactly(options: CommonOptions, block: Block): void {
    const outer = this.commonOptions
    this.commonOptions = options
    try {
      block()
    } finally {
      this.commonOptions = outer
    }
  }

  #enter(scope: Scope, block: Block): void {
    if (typeof block !== 'function') this.fail('A function that draws what is inside is missing.')
    const outer = this.scope
    this.scope = scope
    try {
      block()
    } finally {
      this.scope = outer
    }
  }
}
