import { didYouMean } from '../../naming/index.ts'
import { redirect } from '../redirect.ts'
import { callSite } from '../source_location.ts'
import type { Block, MatchOptions, ResourceOptions, ScopeOptions, UrlOptions } from '../types.ts'
import { type CommonOptions, withCommonOptions } from './common_options.ts'
import { drawConcerns } from './concerns.ts'
import type { CustomUrl, Drawing } from './drawing.ts'
import { drawMatch } from './matching.ts'
import { drawMount } from './mounting.ts'
import { list } from './resource.ts'
import { drawResources, openCollection, openMember, openNested, openNew } from './resources.ts'
import type { RoutesDsl } from './routes_dsl.ts'
import { openDefaults, openNamespace, openScope } from './scoping.ts'

/** The words of a routes file, writing to this drawing. They can be taken apart (`({ get, resources }) => …`): none needs `this`.
 *
 * @param common options that every call gets under its own
 */
export function buildDsl(drawing: Drawing, common: CommonOptions = {}): RoutesDsl {
  const merged = <T extends object>(options: T): T => withCommonOptions(withCommonOptions(options, common), drawing.commonOptions)
  const declared = <A extends unknown[]>(work: (...args: A) => void) => withCallSite(drawing, work, false)
  const drawn = <A extends unknown[]>(work: (...args: A) => void) => withCallSite(drawing, work, true)
  const verb = (via: string) => {
    return drawn((path: string, options: MatchOptions = {}, ...more: unknown[]) => {
      if (more.length > 0 || typeof options !== 'object') drawing.fail(`${via} takes one path and its options.`)
      drawMatch(drawing, path, merged(options ?? {}), via)
    })
  }
  const resources = (kind: 'resources' | 'resource') =>
    drawn((names: string | readonly string[], ...rest: [(ResourceOptions | Block)?, Block?]) => {
      const { options, block } = optionsAndBlock<ResourceOptions>(rest)
      drawResources(drawing, kind, names, merged(options), block)
    })
  const custom = (keep: (name: string, url: CustomUrl) => void, word: string) =>
    declared((names: string | readonly string[], ...rest: [unknown, unknown?]) => {
      if (!drawing.scope.isOutermost) drawing.fail(`${word} stands at the top of a routes file, not inside of a scope.`)
      const [options, block] = rest.length === 1 ? [{}, rest[0]] : rest
      for (const name of list(names)) keep(name, { options: options as UrlOptions, block: block as CustomUrl['block'] })
    })
  const scope = declared((...args: unknown[]) => {
    const block = args.pop() as Block
    const options = merged((isOptions(args.at(-1)) ? args.pop() : {}) as ScopeOptions)
    const path = (args as (string | readonly string[])[]).flat()
    openScope(drawing, path.length > 0 ? { ...options, path: path.join('/') } : options, block)
  })
  return refusingUnknownWords(drawing, {
    get: verb('get'),
    post: verb('post'),
    put: verb('put'),
    patch: verb('patch'),
    delete: verb('delete'),
    head: verb('head'),
    options: verb('options'),
    connect: declared((path: string, options: MatchOptions = {}) =>
      drawMatch(drawing, path, { anchor: false, format: false, ...merged(options), via: ['get', 'connect'] }),
    ),
    match: declared((path, options) => drawMatch(drawing, path, merged(options ?? {}))),
    root: declared((to, options = {}) => drawRoot(drawing, to, merged(options))),
    resources: resources('resources'),
    resource: resources('resource'),
    namespace: declared((name: string, ...rest: [(ScopeOptions | Block)?, Block?]) => {
      const { options, block } = optionsAndBlock<ScopeOptions>(rest)
      openNamespace(drawing, name, merged(options), block ?? (() => {}))
    }),
    scope,
    member: declared((block) => openMember(drawing, block)),
    collection: declared((block) => openCollection(drawing, block)),
    nested: declared((block) => openNested(drawing, block)),
    new: declared((block) => openNew(drawing, block)),
    shallow: declared((block) => drawing.within({ shallow: true }, block)),
    controller: declared((name, block) => drawing.within({ controller: name }, block)),
    constraints: declared((constraints, block) => openScope(drawing, { constraints }, block)),
    defaults: declared((defaults, block) => openDefaults(drawing, defaults, block)),
    withOptions: declared((options, block) => {
      if (block.length > 0) block(buildDsl(drawing, withCommonOptions(options, common)))
      else drawing.withCommonOptions(options, block as Block)
    }),
    concern: declared((name, block) => {
      if (typeof block !== 'function') drawing.fail(`The concern '${name}' needs a function that draws it.`)
      drawing.concerns.set(name, block)
    }),
    concerns: declared((names, options = {}) => drawConcerns(drawing, names, options)),
    mount: declared((endpoint, options) => drawMount(drawing, endpoint, merged(options))),
    redirect,
    direct: custom((name, url) => drawing.direct.set(name, url), 'direct'),
    resolve: custom((name, url) => drawing.resolve.set(name, url), 'resolve'),
    draw: declared((name) => drawFile(drawing, name)),
    defaultUrlOptions: declared((options) => void (drawing.defaultUrlOptions = options)),
    resourcesPathNames: declared((names) => drawing.renamePaths(names)),
  })
}

/** Names the word that was meant, and the line, where JavaScript would only say that undefined is not a function. */
function refusingUnknownWords(drawing: Drawing, words: RoutesDsl): RoutesDsl {
  const get = (known: RoutesDsl, word: string | symbol): unknown => {
    if (typeof word === 'symbol' || word in known || word === 'then') return known[word as keyof RoutesDsl]
    drawing.notedSite = callSite(get)
    return drawing.fail(`'${word}' isn't a word of the routes file.`, didYouMean(word, Object.keys(known)))
  }
  return new Proxy(words, { get })
}

/** Notes the line of each call, so that errors and `regauge routes` can name it.
 *
 * @param draws whether the word draws routes itself, which need the line: it is found quicker from here than from far below
 */
function withCallSite<A extends unknown[]>(drawing: Drawing, work: (...args: A) => void, draws: boolean): (...args: A) => void {
  const declared = (...args: A): void => {
    const { word, notedSite } = drawing
    drawing.word = declared
    drawing.notedSite = draws ? callSite(declared) : undefined
    try {
      work(...args)
    } finally {
      drawing.word = word
      drawing.notedSite = notedSite
    }
  }
  return declared
}

function drawRoot(drawing: Drawing, to: string | MatchOptions, options: MatchOptions): void {
  if (typeof to !== 'string' && (typeof to !== 'object' || to === null)) drawing.fail("root needs 'controller#action' or options.")
  const given: MatchOptions = typeof to === 'string' ? { ...options, to } : { ...to, ...options }
  const draw = () => drawMatch(drawing, '/', { as: 'root', via: 'get', ...given })
  const resource = drawing.scope.get('resource')
  if (drawing.scope.level !== 'resources' || resource === undefined) draw()
  else drawing.atLevel('root', () => drawing.within({ path: `${drawing.scope.get('path') ?? ''}/${resource.path}` }, draw))
}

function drawFile(drawing: Drawing, name: string): void {
  const files = drawing.options.files ?? {}
  if (!Object.hasOwn(files, name)) drawing.fail(`There is no routes file '${name}' to draw.`, didYouMean(name, Object.keys(files)))
  drawing.withoutCommonOptions(() => files[name]!(buildDsl(drawing)))
}

function optionsAndBlock<T extends object>(rest: readonly unknown[]): { options: T; block: Block | undefined } {
  const first = rest[0]
  if (typeof first === 'function') return { options: {} as T, block: first as Block }
  return { options: (first ?? {}) as T, block: rest[1] as Block | undefined }
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
