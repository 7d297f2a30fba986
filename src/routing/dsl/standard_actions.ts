import { none } from './common_options.ts'
import type { Drawing } from './drawing.ts'
import { addNamed, freeName, targetOf } from './matching.ts'
import { tidyPath } from './paths.ts'
import type { Resource } from './resource.ts'
import { newPath } from './resources.ts'
import { routeName } from './scope.ts'

/** The routes that `resources` and `resource` draw themselves, which are most of a table: as those of `get` and its like at the resource's levels would be, but
 * what they have in common is found out once.
 */
export function drawStandardActions(drawing: Drawing, resource: Resource): void {
  const { scope } = drawing
  const path = scope.get('path') ?? ''
  const as = scope.get('as')
  const collection: Place = { level: 'collection', path: tidyPath(`${path}/${resource.path}`), as }
  if (!resource.isSingular) drawPresent(drawing, resource, collection, collectionActions)
  if (resource.has('new'))
    drawPresent(drawing, resource, { level: 'new', path: tidyPath(`${path}/${newPath(drawing, resource)}`), as }, newActions)
  const isShallow = !resource.isSingular && scope.get('shallow')
  const around = isShallow ? { path: scope.get('shallowPath') ?? '', as: scope.get('shallowPrefix') } : { path, as }
  const member: Place = { level: 'member', path: tidyPath(`${around.path}/${resource.memberPath}`), as: around.as }
  drawPresent(drawing, resource, member, memberActions)
  if (resource.isSingular) drawPresent(drawing, resource, collection, singularActions)
}

/** Where some of the actions are. */
interface Place {
  readonly level: 'collection' | 'new' | 'member'
  readonly path: string
  /** The names of the scopes around. */
  readonly as: string | null | undefined
}

interface StandardAction {
  readonly action: string
  readonly verbs: readonly string[]
  /** Whether its path and its name have the action in them, as that of the form that edits a record. */
  readonly isBelow: boolean
}

const standard = (action: string, verb: string, isBelow = false): StandardAction => ({ action, verbs: [verb], isBelow })

const collectionActions = [standard('index', 'GET'), standard('create', 'POST')]
const newActions = [standard('new', 'GET')]
const memberActions = [
  standard('edit', 'GET', true),
  standard('show', 'GET'),
  standard('update', 'PATCH'),
  standard('update', 'PUT'),
  standard('destroy', 'DELETE'),
]
const singularActions = [standard('create', 'POST')]

function drawPresent(drawing: Drawing, resource: Resource, place: Place, actions: readonly StandardAction[]): void {
  const { scope } = drawing
  const to = targetOf(scope)
  const controller = scope.get('controller') ?? undefined
  const format = scope.get('format')
  let ownName = routeName(place.level, place.as, undefined, resource)
  for (let i = 0; i < actions.length; i++) {
    const { action, verbs, isBelow } = actions[i]!
    if (!resource.has(action)) continue
    const name = isBelow ? routeName(place.level, place.as, action, resource) : ownName
    // The first one takes the name of the place; the others have none.
    if (!isBelow) ownName = ''
    const declaration = {
      word: action,
      path: undefined,
      as: undefined,
      action: scope.get('action') ?? action,
      controller,
      to,
      verbs,
      format,
      anchored: true,
      constraints: none,
      options: none,
    }
    addNamed(drawing, declaration, freeName(drawing, name), isBelow ? pathBelow(drawing, place, action) : place.path)
  }
}

function pathBelow(drawing: Drawing, { path }: Place, action: string): string {
  const names = drawing.scope.get('pathNames') ?? none
  return `${path}/${(Object.hasOwn(names, action) && names[action]) || action}`
}
