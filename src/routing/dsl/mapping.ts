import { camelize } from '../../naming/index.ts'
import { escapeRoutePath } from '../path/escape.ts'
import { countReadings, parsePath } from '../path/nodes.ts'
import { ParsedPath } from '../path/parsed_path.ts'
import { PathPattern } from '../path/path_pattern.ts'
import { needsUnicode, type Requirement, requirementSource } from '../path/requirement.ts'
import { isRequestAttribute } from '../request_attributes.ts'
import { Route } from '../route.ts'
import type { Constraint, Predicate } from '../types.ts'
import { isEmpty, none, under } from './common_options.ts'
import type { Drawing } from './drawing.ts'
import { dynamicPredicate } from './dynamic.ts'
import { checkExpressionOf } from './expressions.ts'
import { refuseMistypedOptions } from './option_names.ts'
import { withFormat } from './paths.ts'
import { predicateOf, urlDefaults } from './scoping.ts'
import { readTarget } from './target.ts'

/** A route as written, with what the scopes around it add, before its options are sorted into constraints and defaults. */
export interface Declaration {
  /** What the verb was given: a path, or an action of the resource. */
  readonly word: string
  /** The path as text; undefined when the action makes it. */
  readonly path: string | undefined
  readonly as: string | null | false | undefined
  action: string | RegExp | undefined
  readonly controller: string | RegExp | undefined
  readonly to: unknown
  readonly verbs: readonly string[]
  readonly format: unknown
  readonly anchored: boolean
  readonly constraints: unknown
  /** The options that no rule takes. */
  readonly options: Readonly<Record<string, unknown>>
}

/** Everything in a value, lazily: what a glob matches. */
const anything = /.+?/s

/** A path that can be read in more ways would let a hostile request try them all. */
const mostReadings = 1024

/** Sorts the options of a route and of the scopes around it into requirements, conditions and defaults, by Rails' rules. */
export function buildRoute(drawing: Drawing, declared: Declaration, name: string | null, declaredPath: string): Route {
  const { scope } = drawing
  const path = readPath(drawing, declaredPath, declared.format)
  const globs = declared.format === false ? noNames : path.globs
  const scopeOptions = scope.get('options') ?? none
  refuseMistypedOptions(drawing, declared.options, path)
  const { target, options: targetOptions } = readTarget(drawing, declared, path)
  const { plain, expressions } = sorted(under(under(globOptions(globs), under(scopeOptions, declared.options)), targetOptions))
  const routePredicate = predicateOf(declared.constraints)
  const own = routePredicate === undefined ? (declared.constraints as Record<string, Constraint>) : none
  if (typeof own !== 'object') drawing.fail('constraints are requirements by name, a function, or an object with a matches method.')
  const constraints = under(under(scope.get('constraints') ?? none, expressions), own)
  const { requirements, conditions } = splitConstraints(drawing, constraints, path, globs)
  const format = formatRules(declared.format)
  let defaults = under(under(under(format.defaults, urlDefaults(own)), scope.get('defaults') ?? none), plain)
  if (path.has('action') && !Object.hasOwn(requirements, 'action') && !defaults['action']) defaults = { ...defaults, action: 'index' }
  const route = new Route(drawing.routes.length, {
    name,
    verbs: declared.verbs,
    pattern: patternOf(drawing, path, under(format.requirements, requirements), declared.anchored),
    defaults,
    requiredDefaults: plain,
    conditions,
    // As in Rails, a predicate of the route itself stands instead of those around it.
    predicates: predicatesOf(drawing, path, routePredicate === undefined ? scope.get('predicates') : [routePredicate]),
    scopeOptions,
    target,
    callSite: drawing.site,
  })
  drawing.before = { scope, path: declaredPath, declared, route, plain }
  return route
}

function globOptions(globs: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  return globs.size === 0 ? none : Object.fromEntries([...globs].map((name) => [name, anything]))
}

function predicatesOf(drawing: Drawing, path: ParsedPath, declared: readonly Predicate[] = noPredicates): readonly Predicate[] {
  const dynamic = dynamicPredicate(drawing, path)
  return dynamic === undefined ? declared : [dynamic, ...declared]
}

const noPredicates: readonly Predicate[] = []

const noNames: ReadonlySet<string> = new Set()

/** Expressions are requirements, other values are defaults. */
function sorted(options: Readonly<Record<string, unknown>>): {
  plain: Readonly<Record<string, unknown>>
  expressions: Readonly<Record<string, RegExp>>
} {
  if (isPlain(options)) return { plain: options, expressions: none }
  const plain: Record<string, unknown> = {}
  const expressions: Record<string, RegExp> = {}
  for (const [name, value] of Object.entries(options)) {
    if (value instanceof RegExp) expressions[name] = value
    else if (value !== undefined) plain[name] = value
  }
  return { plain, expressions }
}

function isPlain(options: Readonly<Record<string, unknown>>): boolean {
  for (const name in options) if (options[name] === undefined || options[name] instanceof RegExp) return false
  return true
}

/** The pieces of a path. Routes of one path, of which resources have several, share them.
 * @throws InvalidRoute
 */
export function readPath(drawing: Drawing, declaredPath: string, format: unknown): ParsedPath {
  const spec = withFormat(escapeRoutePath(declaredPath), format)
  const known = drawing.paths.get(spec)
  if (known !== undefined) return known
  const nodes = parsePath(spec)
  if (typeof nodes === 'string') drawing.fail(`The path '${spec}' can't be read: ${nodes}.`)
  if (countReadings(nodes) > mostReadings)
    drawing.fail(`The path '${spec}' has too many optional parts: it could be read in more than ${mostReadings} ways.`)
  const path = new ParsedPath(spec, nodes)
  drawing.paths.set(spec, path)
  return path
}

/** The pattern of a path; one for all routes that ask nothing of it. */
export function patternOf(
  drawing: Drawing,
  path: ParsedPath,
  requirements: Readonly<Record<string, Requirement>>,
  anchored: boolean,
): PathPattern {
  const isBare = anchored && isEmpty(requirements)
  if (isBare && path.bare !== undefined) return path.bare
  const pattern = new PathPattern(path, requirements, anchored)
  if (isBare) path.bare = pattern
  else checkExpression(drawing, pattern)
  return pattern
}

/** Requirements that are fine alone may not go together: two may name a group alike, or one ask for Unicode where the other is no expression then. */
function checkExpression(drawing: Drawing, pattern: PathPattern): void {
  const requirements = Object.values(pattern.requirements)
  if (!requirements.some((one) => needsUnicode(one) || requirementSource(one).includes('(?<'))) return
  try {
    void pattern.regexp
  } catch (error) {
    drawing.fail(`The requirements of '${pattern.spec}' make no expression together: ${(error as Error).message}.`)
  }
}

/** Constraints of segments are requirements of the path; the others are conditions on the request. */
function splitConstraints(
  drawing: Drawing,
  constraints: Readonly<Record<string, Constraint>>,
  path: ParsedPath,
  globs: ReadonlySet<string>,
): { requirements: Readonly<Record<string, Requirement>>; conditions: Readonly<Record<string, Constraint>> } {
  if (isEmpty(constraints)) return noConstraints
  const requirements: Record<string, Requirement> = {}
  const conditions: Record<string, Constraint> = {}
  for (const name of Object.keys(constraints)) {
    const constraint = constraints[name]!
    if (path.has(name) || name === 'controller') requirements[name] = checkedRequirement(drawing, name, constraint, globs)
    else conditions[checkedAttribute(drawing, name)] = constraint
    checkExpressionOf(drawing, name, constraint, Object.hasOwn(requirements, name))
  }
  return { requirements, conditions }
}

/** A request attribute in Rails' spelling would ask nothing, and leave the route open. */
function checkedAttribute(drawing: Drawing, name: string): string {
  const ours = name.includes('_') ? camelize(name, 'lower') : name
  if (ours !== name && isRequestAttribute(ours)) drawing.fail(`'${name}' is no attribute of a request.`, ours)
  return name
}

const noConstraints = { requirements: none, conditions: none }

function formatRules(format: unknown): {
  requirements: Readonly<Record<string, RegExp>>
  defaults: Readonly<Record<string, unknown>>
} {
  if (format === true) return { requirements: { format: /.+/ }, defaults: {} }
  if (format instanceof RegExp) return { requirements: { format }, defaults: { format: null } }
  if (typeof format === 'string') return { requirements: { format: new RegExp(format) }, defaults: { format } }
  return noFormatRules
}

const noFormatRules = { requirements: none, defaults: none }

function checkedRequirement(drawing: Drawing, name: string, requirement: Constraint, globs: ReadonlySet<string>): Requirement {
  if (!(requirement instanceof RegExp)) return requirement as Requirement
  if (/^(?:\\A|\^)|(?:\\Z|\\z|\$)$/.test(requirement.source)) {
    drawing.fail(`The requirement of '${name}' has an anchor (^ or $): it is matched against the whole segment already.`)
  }
  if (requirement.flags.includes('v')) drawing.fail(`The requirement of '${name}' has the flag v; write it with u.`)
  if (requirement.dotAll && !globs.has(name)) drawing.fail(`The requirement of '${name}' has the flag s, which only globs may have.`)
  return requirement
}
