import { isTrue } from '../truth.ts'
import { tidyPath } from './paths.ts'
import { isEmpty, none, under } from './common_options.ts'
import type { Drawing } from './drawing.ts'
import { refuseMistypedOptions } from './option_names.ts'
import { list } from './resource.ts'
import { openNested } from './resources.ts'
import type { Frame } from './scope.ts'
import type { Block, Constraint, Predicate, ScopeOptions } from '../types.ts'

/** Request attributes that a URL is made of: as constraints they are defaults of generation too. */
export const urlAttributes = ['protocol', 'subdomain', 'domain', 'host', 'port']

/** Opens a scope with everything that Rails' `scope` takes. */
export function openScope(drawing: Drawing, given: ScopeOptions, block: Block): void {
  if ('anchor' in given) drawing.fail('anchor belongs to a single route, not to a scope.')
  const { scope } = drawing
  const predicate = predicateOf(given.constraints)
  const constraints = predicate === undefined ? ((given.constraints ?? none) as Record<string, Constraint>) : none
  const frame: Frame = {}
  if ('only' in given || 'except' in given) {
    frame.actions = { only: given.only ? list(given.only) : undefined, except: given.except ? list(given.except) : undefined }
  }
  for (let i = 0; i < inheritedOptions.length; i++) {
    const key = inheritedOptions[i]!
    if (given[key] !== undefined) inherit(drawing, frame, key, given[key])
  }
  if (scope.level !== 'nested') {
    if (given.path !== undefined && (given.shallowPath ?? null) === null) inherit(drawing, frame, 'shallowPath', given.path)
    if (given.as !== undefined && (given.shallowPrefix ?? null) === null) inherit(drawing, frame, 'shallowPrefix', given.as)
  }
  frame.constraints = under(scope.get('constraints') ?? none, constraints)
  const defaults = under(predicate === undefined ? urlDefaults(constraints) : none, given.defaults ? { ...given.defaults } : none)
  frame.defaults = under(scope.get('defaults') ?? none, defaults)
  const rest = withoutRules(given)
  refuseMistypedOptions(drawing, rest)
  const predicates = scope.get('predicates') ?? noPredicates
  frame.predicates = predicate === undefined ? predicates : [...predicates, predicate]
  frame.options = under(scope.get('options') ?? none, rest)
  drawing.within(frame, block)
}

/** Opens a scope that only adds to the path. */
export function openPath(drawing: Drawing, path: string, block: Block): void {
  drawing.within({ path: tidyPath(`${drawing.scope.get('path') ?? ''}/${path}`) }, block)
}

/** Opens a namespace: path, module and name at once. */
export function openNamespace(drawing: Drawing, name: string, options: ScopeOptions, block: Block): void {
  if (drawing.scope.isResource) {
    openNested(drawing, () => openNamespace(drawing, name, options, block))
    return
  }
  const { path: given = name, ...rest } = options
  const path = given ?? ''
  const as = 'as' in options ? options.as : name
  openPath(drawing, path, () =>
    openScope(drawing, { module: name, shallowPath: path, shallowPrefix: as, ...rest, as } as ScopeOptions, block),
  )
}

/** Opens a scope that only adds defaults. */
export function openDefaults(drawing: Drawing, defaults: Readonly<Record<string, unknown>>, block: Block): void {
  drawing.within({ defaults: { ...drawing.scope.get('defaults'), ...defaults } }, block)
}

const noPredicates: readonly Predicate[] = []

/** The constraint as a function, when it isn't a list of requirements. */
export function predicateOf(constraints: unknown): Predicate | undefined {
  if (typeof constraints === 'function' && !('matches' in constraints)) return constraints as Predicate
  if ((typeof constraints === 'object' || typeof constraints === 'function') && constraints !== null && 'matches' in constraints) {
    const object = constraints as { matches: unknown }
    if (typeof object.matches === 'function')
      return (request, parameters) => Boolean((object as { matches: Predicate }).matches(request, parameters))
  }
  return undefined
}

/** The constraints that generated URLs take over. */
export function urlDefaults(constraints: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (isEmpty(constraints)) return none
  const defaults: Record<string, unknown> = {}
  for (const key of Object.keys(constraints)) {
    const value = constraints[key]
    if (urlAttributes.includes(key) && (typeof value === 'string' || typeof value === 'number')) defaults[key] = value
  }
  return defaults
}

/** The options that no rule takes, and `to`. */
function withoutRules(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let rest: Record<string, unknown> | undefined
  for (const key in options) if (!taken.has(key)) (rest ??= {})[key] = options[key]
  return rest ?? none
}

/** The scope options that have a rule, in the order of Rails. */
const inheritedOptions = [
  'path', 'shallowPath', 'as', 'shallowPrefix', 'module', 'controller', 'action', 'pathNames', 'shallow', 'via', 'format', 'to',
] as const // biome-ignore format: one list

const taken = new Set<string>([...inheritedOptions.filter((key) => key !== 'to'), 'constraints', 'defaults', 'only', 'except'])

function inherit(drawing: Drawing, frame: Frame, key: (typeof inheritedOptions)[number], value: unknown): void {
  const outer = drawing.scope.get(key)
  switch (key) {
    case 'path':
    case 'shallowPath':
      frame[key] = tidyPath(`${(outer as string | undefined) ?? ''}/${String(value ?? '')}`)
      break
    case 'as':
    case 'shallowPrefix':
      frame[key] = isTrue(outer) ? `${String(outer)}_${String(value ?? '')}` : (value as string)
      break
    case 'module':
      frame.module = isTrue(outer) ? `${String(outer)}/${String(value ?? '')}` : (value as string | null)
      break
    case 'pathNames':
      put(frame, key, under((outer ?? none) as Record<string, unknown>, value as Record<string, unknown>))
      break
    case 'shallow':
      frame.shallow = Boolean(value)
      break
    default:
      put(frame, key, value)
  }
}

function put(frame: Frame, key: keyof Frame, value: unknown): void {
  ;(frame as Record<string, unknown>)[key] = value
}
