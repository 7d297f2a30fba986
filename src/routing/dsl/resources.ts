import type { Block, Constraints, ResourceOptions, ScopeOptions } from '../types.ts'
import { drawConcerns } from './concerns.ts'
import type { Drawing } from './drawing.ts'
import { drawMatch } from './matching.ts'
import { actionsOf, list, Resource } from './resource.ts'
import { openPath, openScope } from './scoping.ts'

const ownOptions = ['as', 'controller', 'path', 'only', 'except', 'param', 'concerns']

/** Draws one or several resources. */
export function drawResources(
  drawing: Drawing,
  kind: 'resources' | 'resource',
  names: string | readonly string[],
  options: ResourceOptions,
  block: Block | undefined,
): void {
  for (const name of list(names)) drawOne(drawing, kind, name, options, block)
}

function drawOne(drawing: Drawing, kind: 'resources' | 'resource', name: string, given: ResourceOptions, block: Block | undefined): void {
  if (typeof name !== 'string') drawing.fail(`${kind} needs a name.`)
  const { shallow, ...unshallow } = given
  const options = expressionsAsConstraints(unshallow)
  const scoped = Object.entries(options).filter(([key]) => !ownOptions.includes(key))
  const own = Object.fromEntries(Object.entries(options).filter(([key]) => ownOptions.includes(key))) as ResourceOptions
  if (shallow) drawing.within({ shallow: true }, () => drawOne(drawing, kind, name, unshallow, block))
  else if (drawing.scope.isResource) openNested(drawing, () => drawOne(drawing, kind, name, unshallow, block))
  else if (scoped.length > 0) openScope(drawing, Object.fromEntries(scoped) as ScopeOptions, () => drawOne(drawing, kind, name, own, block))
  else drawResource(drawing, kind, name, own, block)
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
    drawing.within({ resource }, () =>
      drawing.within({ controller: resource.controller }, () => drawActions(drawing, resource, options, block)),
    )
  })
}

function drawActions(drawing: Drawing, resource: Resource, options: ResourceOptions, block: Block | undefined): void {
  const has = (action: string) => resource.actions.includes(action)
  block?.()
  if (options.concerns) drawConcerns(drawing, options.concerns, {})
  const create = () => has('create') && drawAction(drawing, 'post', 'create')
  const newForm = () => has('new') && openNew(drawing, () => drawAction(drawing, 'get', 'new'))
  if (!resource.isSingular) {
    openCollection(drawing, () => {
      if (has('index')) drawAction(drawing, 'get', 'index')
      create()
    })
  }
  newForm()
  openMember(drawing, () => {
    if (has('edit')) drawAction(drawing, 'get', 'edit')
    if (has('show')) drawAction(drawing, 'get', 'show')
    if (has('update')) {
      drawAction(drawing, 'patch', 'update')
      drawAction(drawing, 'put', 'update')
    }
    if (has('destroy')) drawAction(drawing, 'delete', 'destroy')
  })
  if (resource.isSingular) openCollection(drawing, create)
}

function drawAction(drawing: Drawing, via: string, action: string): void {
  drawMatch(drawing, action, { via }, { byAction: true })
}

/** Opens the paths of one member: `/articles/:id`. */
export function openMember(drawing: Drawing, block: Block): void {
  const resource = resourceAround(drawing, 'member')
  drawing.atLevel('member', () => {
    const inPath = () => openPath(drawing, resource.memberPath, block)
    if (!resource.isSingular && drawing.scope.get('shallow')) inShallowScope(drawing, inPath)
    else inPath()
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
  drawing.atLevel('new', () => openPath(drawing, `${resource.path}/${drawing.scope.get('pathNames')?.['new'] ?? 'new'}`, block))
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
    const inPath = () => openPath(drawing, resource.nestedPath, () => openScope(drawing, options, block))
    if (!resource.isSingular && drawing.scope.get('shallow') && drawing.scope.shallowDepth >= 1) inShallowScope(drawing, inPath)
    else inPath()
  })
}

function inShallowScope(drawing: Drawing, block: Block): void {
  const frame = { as: drawing.scope.get('shallowPrefix'), path: drawing.scope.get('shallowPath') ?? '' }
  drawing.within(frame, block)
}

function resourceAround(drawing: Drawing, what: string): Resource {
  const resource = drawing.scope.isResource ? drawing.scope.get('resource') : undefined
  return resource ?? drawing.fail(`${what} only has a meaning directly inside of resources or resource.`)
}

function expressionsAsConstraints(options: ResourceOptions): ResourceOptions {
  const expressions = Object.entries(options).filter(([, value]) => value instanceof RegExp)
  if (expressions.length === 0) return options
  const rest = Object.entries(options).filter(([, value]) => !(value instanceof RegExp))
  const constraints = { ...(options.constraints as object | undefined), ...Object.fromEntries(expressions) }
  return { ...Object.fromEntries(rest), constraints: constraints as Constraints }
}

function checked(drawing: Drawing, kind: 'resources' | 'resource', name: string, options: ResourceOptions): ResourceOptions {
  if (options.param?.includes(':')) drawing.fail(`The param of ${kind} '${name}' is a name without a colon, not '${options.param}'.`)
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
