import type { MatchOptions } from '../types.ts'
import type { Drawing } from './drawing.ts'
import { none } from './common_options.ts'
import { buildLike } from './alike.ts'
import { buildRoute, type Declaration } from './mapping.ts'
import { tidyName } from './paths.ts'
import { list } from './resource.ts'
import { openCollection, openMember, openNested, openNew } from './resources.ts'
import type { Scope } from './scope.ts'
import { openDefaults } from './scoping.ts'

const resourceActions = ['index', 'create', 'new', 'show', 'update', 'destroy']

/** What {@link drawMatch} takes itself; any other option is a requirement or a default. */
const taken = new Set(['controller', 'path', 'to', 'via', 'format', 'anchor', 'constraints', 'on', 'as', 'action'])

/** Draws a route.
 *
 * @param path with an option `path`, null for the one that the resource knows, it names an action instead
 * @param via the method, when the word of the DSL is one
 */
export function drawMatch(drawing: Drawing, path: string, given: MatchOptions, via?: string): void {
  if (given.defaults !== undefined) {
    const { defaults, ...options } = given
    openDefaults(drawing, defaults, () => drawMatch(drawing, path, options, via))
    return
  }
  if (typeof path !== 'string') drawing.fail('A route needs a path.')
  const byAction = given.path !== undefined
  const { scope } = drawing
  const { on, anchor = true } = given
  let to: unknown = given.to ?? targetOf(scope)
  if (!byAction && !to && !given.action) to = shorthandTarget(path)
  const declaration: Declaration = {
    word: path,
    path: byAction ? (given.path ?? undefined) : path,
    as: given.as as Declaration['as'],
    action: given.action as Declaration['action'],
    controller: (given.controller as Declaration['controller']) ?? scope.get('controller') ?? undefined,
    to,
    verbs: verbsOf(drawing, via ?? given.via ?? scope.get('via')),
    format: given.format === undefined ? scope.get('format') : given.format,
    anchored: Boolean(anchor),
    constraints: given.constraints ?? none,
    options: otherOptions(given),
  }
  if (on === undefined || on === null) {
    drawInLevel(drawing, declaration)
    return
  }
  if (on !== 'member' && on !== 'collection' && on !== 'new') drawing.fail(`on is 'member', 'collection' or 'new', not '${String(on)}'.`)
  const open = { member: openMember, collection: openCollection, new: openNew }[on]
  open(drawing, () => drawInLevel(drawing, declaration))
}

/** What the scopes around say that routes lead to. */
export function targetOf(scope: Scope): unknown {
  const to = scope.get('to')
  if (to !== undefined) return to
  const action = scope.get('action')
  return action && scope.get('controller') ? `${String(scope.get('controller'))}#${action}` : undefined
}

function otherOptions(given: MatchOptions): Readonly<Record<string, unknown>> {
  let others: Record<string, unknown> | undefined
  for (const key in given) if (!taken.has(key) && Object.hasOwn(given, key)) (others ??= {})[key] = given[key]
  return others ?? none
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
  const { as, word } = declaration
  const isWord = /^[\w\-/]+$/.test(word)
  const name = as === null || as === false ? null : nameOf(drawing, as, isWord ? word : undefined)
  declaration.action ??= drawing.scope.get('action') ?? (isWord && !word.includes('/') ? word.replaceAll('-', '_') : undefined)
  addNamed(drawing, declaration, name, path)
}

/** Adds a route.
 *
 * @param path as declared, without the format
 * @throws InvalidRoute when its name can't be one, or is taken
 */
export function addNamed(drawing: Drawing, declaration: Declaration, name: string | null, path: string): void {
  if (name !== null) checkName(drawing, name)
  const route = buildLike(drawing, declaration, name, path) ?? buildRoute(drawing, declaration, name, path)
  drawing.routes.push(route)
  if (name !== null) drawing.named.set(name, route)
}

function pathOf(drawing: Drawing, { word, path }: Declaration): string {
  const prefix = drawing.scope.get('path') ?? ''
  if (path !== undefined) return `${prefix}/${path}`
  if (isResourceAction(drawing, word)) return prefix
  const pathNames = drawing.scope.get('pathNames') ?? {}
  return `${prefix}/${(Object.hasOwn(pathNames, word) && pathNames[word]) || word}`
}

/** The name of a route: what `as` says, or what path and resource make, unless that is taken. */
export function nameOf(drawing: Drawing, as: string | undefined, action: string | undefined): string | null {
  const resource = drawing.scope.get('resource')
  if (resource !== undefined && as === undefined && action === undefined) return null
  const prefix = as ?? (action !== undefined && isResourceAction(drawing, action) ? undefined : action)
  const tidied = prefix && prefix !== '/' ? tidyName(prefix) : undefined
  const name = drawing.scope.nameOf(tidied, resource)
  if (as !== undefined) return name === '' ? null : name
  return freeName(drawing, name)
}

/** A name that a path makes, unless it can't be one or is taken. */
export function freeName(drawing: Drawing, name: string): string | null {
  return /^[_a-z]/i.test(name) && !drawing.named.has(name) ? name : null
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
