import {
  argumentsOf,
  type CallNode,
  is,
  literalText,
  RubyHash,
  type RubyNode,
  type RubyValue,
  type Scope,
  textOf,
  tryEvaluate,
} from '../ruby/index.ts'

/** Where in the nesting of a routes file a call stands, as far as that changes what it means. */
export interface Place {
  /** Whether a symbol that names a standard action has the path of the resource itself (`actions`), or of its member (`resource`). It is `unknown` where
   * calls decide that elsewhere: in a concern, and in a method. */
  readonly level: 'actions' | 'resource' | 'resources' | 'other' | 'unknown'
  /** Paths of actions that were renamed. */
  readonly pathNames: ReadonlyMap<string, string>
  /** Whether the scopes around put controllers into a module. */
  readonly inModule: boolean
  /** The prefix of names that the scopes around give; empty for none. */
  readonly as: string
}

/** The top of a routes file. */
export const outermost: Place = { level: 'other', pathNames: new Map(), inModule: false, as: '' }

const canonicalActions = new Set(['index', 'create', 'new', 'show', 'update', 'destroy'])

/** The place within the block of a call. */
export function placeWithin(node: CallNode, outer: Place, scope: Scope): Place {
  const { positional, pairs } = argumentsOf(node)
  const renamed = renamedPaths(option(pairs, 'path_names', scope))
  const given = textOf(option(pairs, 'as', scope)) ?? (node.name === 'namespace' ? literalText(positional[0]) : undefined)
  return {
    level: levelWithin(node.name, outer.level),
    pathNames: renamed.length > 0 ? new Map([...outer.pathNames, ...renamed]) : outer.pathNames,
    inModule: outer.inModule || node.name === 'namespace' || hasOption(pairs, 'module'),
    as: ['namespace', 'scope'].includes(node.name) && given ? [outer.as, given].filter(Boolean).join('_') : outer.as,
  }
}

/** The path that a symbol adds here instead of its own text; undefined when it adds that, null when only the routes that are drawn can tell.
 *
 * Rails: a standard action adds nothing within a member, a collection or `new`; other actions add the name that `path_names` gives them.
 */
export function pathOfSymbol(name: string, place: Place, hasOn: boolean): string | null | undefined {
  if (!hasOn && place.level === 'unknown') return canonicalActions.has(name) || name === 'edit' ? null : place.pathNames.get(name)
  const isOwn = hasOn || place.level === 'actions' || place.level === 'resource'
  return isOwn && canonicalActions.has(name) ? '' : place.pathNames.get(name)
}

/** Paths of actions by name, of a hash such as `{ new: "neu" }`. */
export function renamedPaths(names: RubyValue | undefined): [string, string][] {
  return names instanceof RubyHash ? names.pairs.map(([key, value]) => [textOf(key) ?? '', textOf(value) ?? '']) : []
}

function levelWithin(name: string, outer: Place['level']): Place['level'] {
  if (name === 'member' || name === 'collection' || name === 'new') return 'actions'
  if (name === 'resource' || name === 'resources') return name
  if (name === 'concern') return 'unknown'
  if (name === 'nested') return 'other'
  return name === 'namespace' && (outer === 'resource' || outer === 'resources' || outer === 'unknown') ? 'other' : outer
}

function hasOption(pairs: readonly RubyNode[], name: string): boolean {
  return pairs.some((pair) => is(pair, 'AssocNode') && literalText(pair.key as RubyNode) === name)
}

function option(pairs: readonly RubyNode[], name: string, scope: Scope) {
  const pair = pairs.find((one) => is(one, 'AssocNode') && literalText(one.key as RubyNode) === name)
  return is(pair, 'AssocNode') ? tryEvaluate(pair.value as RubyNode, scope) : undefined
}
