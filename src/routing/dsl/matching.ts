import { escapeRoutePath } from '../path/escape.ts'
import type { MatchOptions } from '../types.ts'
import type { Drawing } from './drawing.ts'
import { buildDefinition } from './mapping.ts'
import { tidyName, withFormat } from './paths.ts'
import { list } from './resource.ts'
import { openCollection, openMember, openNested, openNew } from './resources.ts'
import { openDefaults } from './scoping.ts'

const resourceActions = ['index', 'create', 'new', 'show', 'update', 'destroy']

/** One call of `match` or a verb, with what the scopes around it add. */
interface Declaration {
  readonly action: string
  /** The path as text; undefined when the action makes it. */
  readonly path: string | undefined
  readonly controller: string | RegExp | undefined
  readonly to: unknown
  readonly verbs: readonly string[]
  readonly format: unknown
  readonly anchored: boolean
  readonly constraints: unknown
  readonly options: Readonly<Record<string, unknown>>
}

/** Draws a route.
 *
 * @param how.byAction the first argument names an action, whose path the resource knows; an option `path` says so too, null for that path
 */
export function drawMatch(drawing: Drawing, path: string, given: MatchOptions, how: { byAction?: boolean } = {}): void {
  if (given.defaults !== undefined) {
    const { defaults, ...options } = given
    openDefaults(drawing, defaults, () => drawMatch(drawing, path, options, how))
    return
  }
  if (typeof path !== 'string') drawing.fail('A route needs a path.')
  const byAction = how.byAction || given.path !== undefined
  const { scope } = drawing
  const { controller, path: optionPath, to: givenTo, via, format, anchor = true, constraints, on, ...options } = given
  let to: unknown = givenTo ?? scope.get('to')
  if (to === undefined && scope.get('controller') && scope.get('action')) to = `${String(scope.get('controller'))}#${scope.get('action')}`
  if (!byAction && !to && !options.action) to = shorthandTarget(path)
  const declaration: Declaration = {
    action: path,
    path: byAction ? (optionPath ?? undefined) : path,
    controller: controller ?? scope.get('controller') ?? undefined,
    to,
    verbs: verbsOf(drawing, via ?? scope.get('via')),
    format: format ?? scope.get('format'),
    anchored: Boolean(anchor),
    constraints: constraints ?? {},
    options,
  }
  if (on === undefined || on === null) {
    drawInLevel(drawing, declaration)
    return
  }
  if (on !== 'member' && on !== 'collection' && on !== 'new') drawing.fail(`on is 'member', 'collection' or 'new', not '${String(on)}'.`)
  const open = { member: openMember, collection: openCollection, new: openNew }[on]
  open(drawing, () => drawInLevel(drawing, declaration))
}

/** Directly inside of a resource, a plain route belongs to a member. */
function drawInLevel(drawing: Drawing, declaration: Declaration): void {
  if (drawing.scope.level === 'resources') openNested(drawing, () => drawInLevel(drawing, declaration))
  else if (drawing.scope.level === 'resource') openMember(drawing, () => drawInLevel(drawing, declaration))
  else addRoute(drawing, declaration)
}

function addRoute(drawing: Drawing, declaration: Declaration): void {
  const path = pathOf(drawing, declaration)
  if (path === '') drawing.fail('A route needs a path.')
  const { action: givenAction, as, ...options } = declaration.options
  const isWord = /^[\w\-/]+$/.test(declaration.action)
  const implied = isWord && !declaration.action.includes('/') ? declaration.action.replaceAll('-', '_') : undefined
  const hasName = as !== null && as !== false
  const name = hasName ? nameOf(drawing, as as string | undefined, isWord ? declaration.action : undefined) : null
  if (name !== null) checkName(drawing, name)
  const definition = buildDefinition(drawing, {
    name,
    spec: withFormat(escapeRoutePath(path), declaration.format),
    action: (givenAction as string | RegExp | undefined) ?? drawing.scope.get('action') ?? implied,
    controller: declaration.controller,
    to: declaration.to,
    verbs: declaration.verbs,
    format: declaration.format,
    anchored: declaration.anchored,
    constraints: declaration.constraints,
    options,
  })
  drawing.definitions.push(definition)
  if (name !== null) drawing.named.set(name, definition)
}

function pathOf(drawing: Drawing, { action, path }: Declaration): string {
  const prefix = drawing.scope.get('path') ?? ''
  if (path !== undefined) return `${prefix}/${path}`
  if (isResourceAction(drawing, action)) return prefix
  const pathNames = drawing.scope.get('pathNames') ?? {}
  return `${prefix}/${(Object.hasOwn(pathNames, action) && pathNames[action]) || action}`
}

/** The name of a route: what `as` says, or what path and resource make, unless that is taken. */
export function nameOf(drawing: Drawing, as: string | undefined, action: string | undefined): string | null {
  const resource = drawing.scope.get('resource')
  if (resource !== undefined && as === undefined && action === undefined) return null
  const prefix = as ?? (action !== undefined && isResourceAction(drawing, action) ? undefined : action)
  const tidied = prefix && prefix !== '/' ? tidyName(prefix) : undefined
  const name = joinName(drawing.scope.nameParts(tidied, resource))
  if (name === '') return null
  if (as !== undefined) return name
  return /^[_a-z]/i.test(name) && !drawing.named.has(name) ? name : null
}

function joinName(parts: readonly (string | null | undefined)[]): string {
  let name = ''
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part !== undefined && part !== null && part.trim() !== '') name = name === '' ? part : `${name}_${part}`
  }
  return name
}

function checkName(drawing: Drawing, name: string): void {
  if (!/^[_a-z]\w*$/i.test(name)) drawing.fail(`'${name}' can't be the name of a route: a name has letters, digits and underscores.`)
  if (drawing.named.has(name)) {
    drawing.fail(
      `The route name '${name}' is taken by an earlier route. Give one of them another name with as, or leave it out of resources with only or except.`,
    )
  }
}

function isResourceAction(drawing: Drawing, action: string): boolean {
  return drawing.scope.isResourceMethod && resourceActions.includes(action)
}

/** `photos/list` points at `photos#list`. */
function shorthandTarget(path: string): string | undefined {
  const plain = path.replace(/\(\.:format\)$/, '')
  if (!/^\/?[-\w]+\/[-\w/]+$/.test(plain)) return undefined
  return plain
    .replace(/^\//, '')
    .replace(/\/([^/]*)$/, '#$1')
    .replaceAll('-', '_')
}

function verbsOf(drawing: Drawing, via: unknown): readonly string[] {
  const known = verbLists.get(via as string)
  if (known !== undefined) return known
  const verbs = list(via as string | readonly string[] | undefined)
  if (verbs.length === 0)
    drawing.fail(
      "match needs via: the methods the route answers to, such as via: ['get', 'post']. For one method, use get, post, put, patch or delete.",
    )
  return verbs.map((verb) => (verb === 'all' ? '' : verb.replaceAll('_', '-').toUpperCase()))
}

/** The lists of the words of the DSL that name a method. */
const verbLists = new Map(['get', 'post', 'put', 'patch', 'delete'].map((verb) => [verb, [verb.toUpperCase()]] as const))
