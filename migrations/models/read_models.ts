import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  argumentsOf,
  blockOf,
  type CallNode,
  constantPath,
  emptyScope,
  is,
  literalText,
  type NodeOf,
  RubyHash,
  type RubyNode,
  RubySource,
  type RubyValue,
  statementsOf,
  RubySymbol,
  textOf,
  tryEvaluate,
} from '../ruby/index.ts'
import { macroExpansion, tableAsked } from '../ruby/translate/index.ts'
import { gemModels } from './gem_models.ts'

export type AssociationKind = 'belongs_to' | 'has_many' | 'has_one' | 'has_and_belongs_to_many'

/** One association as a model declares it. */
export interface Association {
  readonly kind: AssociationKind
  readonly name: string
  /** The options that are known without running Ruby. */
  readonly options: RubyHash
  /** Whether a scope narrows it: `-> { where(…) }`. */
  readonly scoped: boolean
  readonly file: string
  readonly line: number
}

/** A class or module found under `app/models`. */
export interface ModelClass {
  /** With its namespace: `Admin::User`. */
  readonly name: string
  parent: string | undefined
  readonly isModule: boolean
  readonly includes: string[]
  readonly associations: Association[]
  tableName: string | undefined
  isAbstract: boolean
  /** What the namespace puts before its tables' names. */
  tableNamePrefix: string | undefined
}

const associationKinds = new Set<string>(['belongs_to', 'has_many', 'has_one', 'has_and_belongs_to_many'])

/** Reads the classes under `app/models` (also of packs and engines inside the application) with their associations.
 *
 * @param root the root of the Rails application
 * @throws BrokenRuby (REGAUGE_BROKEN_RUBY) when a model doesn't parse
 */
export function readModels(root: string): ModelClass[] {
  const folder = join(root, 'app/models')
  if (!existsSync(folder)) return []
  const classes = new Map<string, ModelClass>()
  for (const { source } of gemModels(root)) for (const statement of source.statements) readDefinition(statement, [], source, classes)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.rb')) continue
    const source = new RubySource(`app/models/${name}`, readFileSync(join(folder, name), 'utf8'))
    for (const statement of source.statements) readDefinition(statement, [], source, classes)
  }
  for (const model of classes.values()) includeConcerns(model, classes)
  return [...classes.values()].filter(({ isModule }) => !isModule)
}

function readDefinition(node: RubyNode, namespace: readonly string[], source: RubySource, classes: Map<string, ModelClass>): void {
  if (!is(node, 'ClassNode', 'ModuleNode')) return
  const path = constantPath(node.constantPath as RubyNode)
  if (path === undefined) return
  const names = path.startsWith('::') ? [path.slice(2)] : [...namespace, path]
  const name = names.join('::')
  const parent = is(node, 'ClassNode') ? constantPath(node.superclass as RubyNode | null) : undefined
  const model = classes.get(name) ?? {
    name,
    parent,
    isModule: is(node, 'ModuleNode'),
    includes: [],
    associations: [],
    tableName: undefined,
    isAbstract: false,
    tableNamePrefix: undefined,
  }
  model.parent ??= parent
  classes.set(name, model)
  readBody(statementsOf(node.body as RubyNode | null), model, names, source, classes, new RubyHash([]))
}

function readBody(
  nodes: readonly RubyNode[],
  model: ModelClass,
  names: readonly string[],
  source: RubySource,
  classes: Map<string, ModelClass>,
  shared: RubyHash,
): void {
  for (const node of nodes) {
    if (is(node, 'ClassNode', 'ModuleNode')) readDefinition(node, names, source, classes)
    if (is(node, 'DefNode') && node.name === 'table_name_prefix')
      model.tableNamePrefix = literalText(statementsOf(node.body as RubyNode | null)[0])
    if (is(node, 'CallNode')) readCall(node, model, names, source, classes, shared)
    if (is(node, 'IfNode') && tableAsked(node) !== undefined)
      readBody(statementsOf(node.statements as RubyNode | null), model, names, source, classes, shared)
  }
}

function readCall(
  call: CallNode,
  model: ModelClass,
  names: readonly string[],
  source: RubySource,
  classes: Map<string, ModelClass>,
  shared: RubyHash,
): void {
  const { positional, pairs } = argumentsOf(call)
  const block = blockOf(call)
  const expansion = macroExpansion(call, { name: model.name, file: source.file, isDefined: (name) => classes.has(name) })
  if (expansion) readBody(expansion.nodes, model, names, expansion.source, classes, shared)
  if (is(call.receiver as RubyNode | null, 'SelfNode')) {
    if (call.name === 'table_name=') model.tableName = literalText(positional[0])
    if (call.name === 'abstract_class=') model.isAbstract = true
    return
  }
  if (call.name === 'primary_abstract_class') model.isAbstract = true
  if (call.name === 'include') model.includes.push(...positional.flatMap((argument) => constantPath(argument) ?? []))
  if (call.name === 'included' && block) readBody(statementsOf(block.body as RubyNode | null), model, names, source, classes, shared)
  if (call.name === 'with_options' && block) {
    readBody(statementsOf(block.body as RubyNode | null), model, names, source, classes, merge(shared, knownOptions(pairs)))
  }
  const name = literalText(positional[0])
  if (!associationKinds.has(call.name) || name === undefined) return
  model.associations.push({
    kind: call.name as AssociationKind,
    name,
    options: merge(shared, knownOptions(pairs)),
    scoped: positional.length > 1,
    file: source.file,
    line: source.lineOf(call),
  })
}

/** The keywords whose values are constant; a class given as a constant counts by its name. */
function knownOptions(pairs: readonly RubyNode[]): RubyHash {
  return new RubyHash(
    pairs.flatMap((pair): (readonly [RubyValue, RubyValue])[] => {
      if (!is(pair, 'AssocNode') || !is(pair.key as RubyNode, 'SymbolNode')) return []
      const value = constantName(pair.value as RubyNode) ?? tryEvaluate(pair.value as RubyNode, emptyScope())
      return value === undefined ? [] : [[new RubySymbol((pair.key as NodeOf<'SymbolNode'>).unescaped.value), value]]
    }),
  )
}

/** `class_name: User.name` and `User.to_s`, which some write. */
function constantName(node: RubyNode): string | undefined {
  return is(node, 'CallNode') && ['name', 'to_s'].includes(node.name) ? constantPath(node.receiver as RubyNode | null) : undefined
}

function merge(shared: RubyHash, own: RubyHash): RubyHash {
  return new RubyHash([...shared.pairs, ...own.pairs])
}

/** Adds what included concerns declare. */
function includeConcerns(model: ModelClass, classes: ReadonlyMap<string, ModelClass>, seen = new Set<string>()): void {
  for (const include of model.includes) {
    const scopes = model.name.split('::').map((_, index, all) => all.slice(0, all.length - index).join('::'))
    const concern = [...scopes.map((scope) => `${scope}::${include}`), include].map((name) => classes.get(name)).find(Boolean)
    if (!concern?.isModule || seen.has(concern.name)) continue
    seen.add(concern.name)
    includeConcerns(concern, classes, seen)
    const known = new Set(model.associations.map(({ name }) => name))
    model.associations.push(...concern.associations.filter(({ name }) => !known.has(name)))
  }
}

/** The text of an association's option. */
export function associationOption(association: Association, name: string): string | undefined {
  return textOf(association.options.get(name))
}
