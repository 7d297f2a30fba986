import type { Block, Constraints, ResourceOptions, ScopeOptions } from '../types.ts'
import { isEmpty } from './common_options.ts'
import { drawConcerns } from './concerns.ts'
import type { Drawing } from './drawing.ts'
import { actionsOf, list, Resource } from './resource.ts'
import { openPath, openScope, predicateOf } from './scoping.ts'
import { drawStandardActions } from './standard_actions.ts'

const ownOptions = ['as', 'controller', 'path', 'only', 'except', 'param', 'concerns']

/** Draws one or several resources. */
export function drawResources(
  drawing: Drawing,
  kind: 'resources' | 'resource',
  names: string | readonly string[],
  options: ResourceOptions,
  block: Block | undefined,
): void {
  if (typeof names === 'string') drawOne(drawing, kind, names, options, block)
  else for (const name of list(names)) drawOne(drawing, kind, name, options, block)
}

function drawOne(drawing: Drawing, kind: 'resources' | 'resource', name: string, given: ResourceOptions, block: Block | undefined): void {
  if (typeof name !== 'string') drawing.fail(`${kind} needs a name.`)
  const { shallow, ...unshallow } = given
  // What isn't shallow says so to the shallow scope around it.
  const options = expressionsAsConstraints(drawing, shallow === false ? given : unshallow)
  const { own, scoped } = split(options)
  if (shallow) drawing.within({ shallow: true }, () => drawOne(drawing, kind, name, unshallow, block))
  else if (drawing.scope.isResource) openNested(drawing, () => drawOne(drawing, kind, name, given, block))
  else if (!isEmpty(scoped)) openScope(drawing, scoped as ScopeOptions, () => drawOne(drawing, kind, name, own, block))
  else drawResource(drawing, kind, name, own, block)
}

/** The options of the resource itself, and those of a scope around it. */
function split(options: ResourceOptions): { own: ResourceOptions; scoped: Readonly<Record<string, unknown>> } {
  const own: Record<string, unknown> = {}
  const scoped: Record<string, unknown> = {}
  const keys = Object.keys(options)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const kept = ownOptions.includes(key) ? own : scoped
    kept[key] = options[key as keyof ResourceOptions]
  }
  return { own: own as ResourceOptions, scoped }
}

function drawResource(
  drawing: Drawing,
  kind: 'resources' | 'resource',
  name: string,
  options: ResourceOptions,
  block: Block | undefined,
): void {
  drawing.atLevel(kind, () => {
    const resource = new Resource(kind, name, withScopedActions(drawing, kind, checked(drawing, kind, name, options)), {
      apiOnly: drawing.options.apiOnly ?? true,
      shallow: drawing.scope.get('shallow') ?? false,
    })
    drawing.within({ resource, controller: resource.controller }, () => drawActions(drawing, resource, options, block))
  })
}

function drawActions(drawing: Drawing, resource: Resource, options: ResourceOptions, block: Block | undefined): void {
  block?.()
  if (options.concerns) drawConcerns(drawing, options.concerns, {})
  drawStandardActions(drawing, resource)
}

/** Opens the paths of one member: `/articles/:id`. */
export function openMember(drawing: Drawing, block: Block): void {
  const resource = resourceAround(drawing, 'member')
  drawing.atLevel('member', () => {
    if (!resource.isSingular && drawing.scope.get('shallow')) inShallowScope(drawing, () => openPath(drawing, resource.memberPath, block))
    else openPath(drawing, resource.memberPath, block)
  })
}

/** Opens the paths of the whole collection: `/articles`. */
export function openCollection(drawing: Drawing, block: Block): void {
  const resource = resourceAround(drawing, 'collection')
  drawing.atLevel('collection', () => openPath(drawing, resource.path, block))
}

/** Opens the paths below `/articles/new`. */
export function openNew(drawing: Drawing, block: Block): void {
  const resource = resourceAround(drawing, 'new')
  drawing.atLevel('new', () => openPath(drawing, newPath(drawing, resource), block))
}

/** The path of a resource's form, below what is around it. */
export function newPath(drawing: Drawing, resource: Resource): string {
  return `${resource.path}/${drawing.scope.get('pathNames')?.['new'] ?? 'new'}`
}

/** Opens the paths below one member: `/articles/:article_id`. */
export function openNested(drawing: Drawing, block: Block): void {
  const resource = resourceAround(drawing, 'nested')
  drawing.atLevel('nested', () => {
    const constraint = drawing.scope.get('constraints')?.[resource.param]
    const options: ScopeOptions = {
      as: resource.memberName,
      ...(constraint instanceof RegExp && { constraints: { [resource.nestedParam]: constraint } }),
    }
    const isShallow = !resource.isSingular && drawing.scope.get('shallow') && drawing.scope.shallowDepth >= 1
    if (isShallow) inShallowScope(drawing, () => openNestedPath(drawing, resource, options, block))
    else openNestedPath(drawing, resource, options, block)
  })
}

function openNestedPath(drawing: Drawing, resource: Resource, options: ScopeOptions, block: Block): void {
  openPath(drawing, resource.nestedPath, () => openScope(drawing, options, block))
}

function inShallowScope(drawing: Drawing, block: Block): void {
  const frame = { as: drawing.scope.get('shallowPrefix'), path: drawing.scope.get('shallowPath') ?? '' }
  drawing.within(frame, block)
}

function resourceAround(drawing: Drawing, what: string): Resource {
  const resource = drawing.scope.isResource ? drawing.scope.get('resource') : undefined
  return resource ?? drawing.fail(`${what} only has a meaning directly inside of resources or resource.`)
}

function expressionsAsConstraints(drawing: Drawing, options: ResourceOptions): ResourceOptions {
  if (!hasExpression(options)) return options
  if (predicateOf(options.constraints) !== undefined) {
    drawing.fail(
      'The constraints of these resources are a predicate, which requirements of segments can not stand beside. Put one of them on a scope around.',
    )
  }
  const expressions = Object.entries(options).filter(([, value]) => value instanceof RegExp)
  const rest = Object.entries(options).filter(([, value]) => !(value instanceof RegExp))
  const constraints = { ...(options.constraints as object | undefined), ...Object.fromEntries(expressions) }
  return { ...Object.fromEntries(rest), constraints: constraints as Constraints }
}

function hasExpression(options: ResourceOptions): boolean {
  for (const key in options) if (options[key as keyof ResourceOptions] instanceof RegExp) return true
  return false
}

function checked(drawing: Drawing, kind: 'resources' | 'resource', name: string, options: ResourceOptions): ResourceOptions {
  if (options.param?.includes(':')) drawing.fail(`The param of ${kind} '${name}' is a name without a colon, not '${options.param}'.`)
  if (options.only === undefined && options.except === undefined) return options
  const unknown = [...list(options.only), ...list(options.except)].filter((action) => !actionsOf(kind).includes(action))
  if (unknown.length > 0) {
    drawing.fail(`${kind} '${name}' has no action ${unknown.join(', ')}; only and except choose among ${actionsOf(kind).join(', ')}.`)
  }
  return options
}

/** The resource's own `only` and `except`, or those of the scope as far as this kind of resource has the actions. */
function withScopedActions(drawing: Drawing, kind: 'resources' | 'resource', options: ResourceOptions): ResourceOptions {
  const scoped = drawing.scope.get('actions')
  if (options.only || options.except || scoped === undefined) return options
  const applicable = (actions: readonly string[] | undefined) => actions?.filter((action) => actionsOf(kind).includes(action))
  return { ...options, only: applicable(scoped.only), except: applicable(scoped.except) } as ResourceOptions
}
