import { camelize, classify, demodulize, underscore } from '../../../../src/naming/index.ts'
import { constantPath, is, literalText, type RubyNode } from '../../nodes.ts'
import type { ClassInfo, MethodInfo } from './class_info.ts'
import { isCurrent } from './read_classes.ts'
import { KnownVariables } from './known_variables.ts'
import { unknown, type ValueType } from '../value_types.ts'

/** What a column is called in the schema, and its type. */
export type ColumnTypes = ReadonlyMap<string, ValueType>

/** The tables of the classes, as the schema says. */
export interface Tables {
  columnsOf(model: string): ColumnTypes | undefined
  tableOf(model: string): string | undefined
  /** The columns of a table's key. */
  keyOf?(table: string): readonly string[] | undefined
}

/** The classes of an application: what is found by name, by table, and by what includes or inherits it. */
export class Application {
  readonly classes: ReadonlyMap<string, ClassInfo>
  readonly #tables: Tables
  readonly #hosts = new Map<string, string[]>()
  readonly #asyncNames = new Set<string>()
  readonly #lineages = new Map<string, readonly ClassInfo[]>()
  readonly #methodNames = new Set<string>()

  readonly #columns = new Map<string, ColumnTypes | undefined>()
  readonly #variables = new KnownVariables()
  /** Constants that have no translation, as TypeScript would name them: `Flag.Reason`. */
  readonly leftConstants = new Set<string>()
  /** Associations and other members that macros without a translation would define, with their class before a dot. */
  readonly leftMembers = new Set<string>()
  /** The zone of `config.time_zone`, where it isn't UTC. */
  timeZone: string | undefined
  /** What `config.i18n.available_locales` lists. */
  locales: readonly string[] | undefined
  /** The files of Ruby that are written here; what else there is has no types. */
  written: ReadonlySet<string> | undefined
  /** Files beside those that are written, without which these can't be loaded. */
  readonly needed = new Set<string>()
  /** Names of what is called somewhere. */
  readonly calls: ReadonlySet<string>

  constructor(classes: ReadonlyMap<string, ClassInfo>, tables: Tables, calls: ReadonlySet<string> = new Set()) {
    this.calls = calls
    this.classes = classes
    this.#tables = tables
    for (const info of classes.values()) {
      for (const include of info.includes) {
        const module = this.resolveAbove(include, info.name)
        if (module !== undefined) this.#hosts.set(module, [...(this.#hosts.get(module) ?? []), info.name])
      }
    }
    const extended = this.#extendedOnly()
    for (const info of classes.values()) if (isError(info, this)) readMessage(info)
    for (const info of classes.values()) if (extended.has(info.name) || isCurrent(info)) makeStatic(info)
    for (const { methods, staticMethods } of classes.values())
      for (const name of [...methods.keys(), ...staticMethods.keys()]) this.#methodNames.add(name)
    for (const info of classes.values()) {
      const holds = info.staticMethods.size + info.constants.size > 0
      info.isNamespace = info.kind === 'module' && !info.isConcern && info.methods.size === 0 && holds && !this.#hosts.has(info.name)
    }
  }

  /** A class by its name as written inside of another class: the nearest namespace wins. */
  resolve(name: string | undefined, from = ''): string | undefined {
    if (name === undefined) return undefined
    const plain = name.replace(/^::/, '')
    const parts = name.startsWith('::') ? [] : from.split('::')
    const candidates = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('::')}::${plain}`)
    return [...candidates, plain].find((candidate) => this.classes.has(candidate))
  }

  /** A class that stands inside of one that another extends or includes, by its name as written in that other. */
  resolveInherited(name: string, from = ''): string | undefined {
    return this.lineage(from)
      .map((info) => `${info.name}::${name}`)
      .find((candidate) => this.classes.has(candidate))
  }

  /** What a class extends or includes by a name: never itself, though it may have the same name in another namespace. */
  resolveAbove(name: string | undefined, from: string): string | undefined {
    const found = this.resolve(name, from)
    if (found !== from) return found
    const namespace = from.replace(/(?:::)?\w+$/, '')
    const outer = this.resolve(name, namespace.replace(/(?:::)?\w+$/, ''))
    return outer === from ? undefined : outer
  }

  /** A class, its ancestors and what they include, the nearest first; for a module also the classes that include it. */
  lineage(name: string): readonly ClassInfo[] {
    let known = this.#lineages.get(name)
    if (!known) {
      known = this.#lineage(name, new Set(), true)
      this.#lineages.set(name, known)
    }
    return known
  }

  /** Whether some class of the application has a method of this name. */
  knowsMethod(name: string): boolean {
    return this.#methodNames.has(name)
  }

  /** Modules whose methods are nowhere but on classes, since all take them with `extend`. */
  #extendedOnly(): Set<string> {
    const extended = new Set<string>()
    const mixed = new Set<string>()
    for (const info of this.classes.values()) {
      for (const include of info.includes) {
        const module = this.resolveAbove(include, info.name)
        if (module !== undefined) (info.extensions.includes(include) ? extended : mixed).add(module)
      }
    }
    return new Set([...extended].filter((name) => !mixed.has(name) && !this.classes.get(name)?.isConcern))
  }

  /** @param isAsked whether it is the module itself that is asked: what else includes a module of a class is none of the class's */
  #lineage(name: string, seen: Set<string>, isAsked = false): ClassInfo[] {
    const info = this.classes.get(name)
    if (!info || seen.has(name)) return []
    seen.add(name)
    const above = [...info.includes].reverse().flatMap((include) => this.#lineage(this.resolveAbove(include, name) ?? '', seen))
    const parent = this.#lineage(this.resolveAbove(info.parent, name) ?? '', seen)
    return [info, ...above, ...parent, ...(isAsked && info.kind === 'module' ? this.#lineagesOfHosts(name, seen) : [])]
  }

  #lineagesOfHosts(name: string, seen: Set<string>): ClassInfo[] {
    return (this.#hosts.get(name) ?? []).flatMap((host) => {
      const info = this.classes.get(host)
      return this.#lineage(host, seen, info?.kind === 'module')
    })
  }

  /** Whether something includes a module. */
  isMixedIn(name: string): boolean {
    return this.#hosts.has(name)
  }

  /** Whether a class stands for a table, so that it is written with `Model('…')`. */
  isModel(name: string): boolean {
    return this.lineage(name).some(
      (info) => info.isRecord || (info.parent !== undefined && recordBases.has(info.parent.replace(/^::/, ''))),
    )
  }

  /** Whether what `attr_accessor` declares is a field of a class. Where records are, it is a pair of accessors, so that it can be assigned with
   * attributes; where the class has a method of the name, the variable is apart. */
  isField(info: ClassInfo, name: string): boolean {
    if (info.kind === 'module' || this.isModel(info.name) || this.isForm(info.name)) return false
    return info.accessors.has(name) && !info.methods.has(name) && !info.methods.has(`${name}=`)
  }

  /** Whether a class has attributes and validations, without a table. */
  isForm(name: string): boolean {
    return !this.isModel(name) && this.lineage(name).some((info) => info.isForm)
  }

  /** Whether a class is abstract and has databases of its own, so that it stands above its models as a class. */
  isConnected(name: string): boolean {
    const info = this.classes.get(name)
    return Boolean(info?.isAbstract && info.connects && !info.isPrimary && info.name !== 'ApplicationRecord')
  }

  methodOf(name: string, method: string, isStatic: boolean): MethodInfo | undefined {
    for (const info of this.lineage(name)) {
      const found = (isStatic ? info.staticMethods : info.methods).get(method)
      if (found) return found
    }
    return undefined
  }

  /** The columns of a class; those with members are texts, whatever holds them. */
  columnsOf(name: string): ColumnTypes | undefined {
    if (!this.#columns.has(name)) this.#columns.set(name, this.#columnsWithEnums(name))
    return this.#columns.get(name)
  }

  #columnsWithEnums(name: string): ColumnTypes | undefined {
    const columns = this.#plainColumns(name)
    const enums = this.lineage(name).flatMap(({ enums }) => [...enums.keys()])
    if (!columns || enums.length === 0) return columns
    const all = new Map(columns)
    for (const attribute of enums) {
      const column = all.get(attribute)
      if (column) all.set(attribute, { kind: 'text', members: `${name}.${attribute}`, ...(column.isNullable ? { isNullable: true } : {}) })
    }
    return all
  }

  #plainColumns(name: string): ColumnTypes | undefined {
    for (const { name: each } of this.lineage(name)) {
      const columns = this.#tables.columnsOf(each)
      if (columns) return columns
    }
    return this.classes.get(name)?.isAbstract ? this.#columnsBelow(name) : undefined
  }

  /** What the classes below an abstract one have for columns: its code runs on their records. What it defines itself is a method. */
  #columnsBelow(name: string): ColumnTypes | undefined {
    const below = new Map<string, ValueType>()
    for (const info of this.classes.values()) {
      if (info.name === name || info.kind !== 'class' || !this.lineage(info.name).some((each) => each.name === name)) continue
      for (const [column, type] of this.#tables.columnsOf(info.name) ?? []) {
        if (this.methodOf(name, column, false)) continue
        const known = below.get(column)
        below.set(column, known === undefined || known.kind === type.kind ? type : { ...unknown, isLoose: true })
      }
    }
    return below.size === 0 ? undefined : below
  }

  /** The table of a class. */
  tableOf(name: string): string | undefined {
    if (this.classes.get(name)?.kind === 'module') return undefined
    for (const { name: each } of this.lineage(name)) {
      const table = this.#tables.tableOf(each)
      if (table !== undefined) return table
    }
    return undefined
  }

  /** The columns of the key of a class's table, where the schema says. */
  keyOf(name: string): readonly string[] | undefined {
    return this.#tables.keyOf?.(this.tableOf(name) ?? '')
  }

  associationOf(name: string, association: string) {
    for (const info of this.lineage(name)) {
      const found = info.associations.get(association)
      if (found)
        return { ...found, model: found.polymorphic ? undefined : this.targetOf(found.className, found.name, found.many, info.name) }
    }
    return undefined
  }

  /** The texts that a list holds, or a constant whose value is one; none of what is computed. */
  textsOf(node: RubyNode | undefined, from: string, depth = 0): string[] {
    if (depth > 4) return []
    if (is(node, 'ArrayNode')) return (node.elements as RubyNode[]).flatMap((each) => literalText(each) ?? [])
    if (is(node, 'CallNode') && node.name === 'freeze')
      return this.textsOf((node.receiver as RubyNode | null) ?? undefined, from, depth + 1)
    const [, namespace, name] = /^(?:(.*)::)?(\w+)$/.exec((node && constantPath(node)) ?? '') ?? []
    const holder = namespace === undefined ? from : this.resolve(namespace, from)
    if (name === undefined || holder === undefined) return []
    return this.textsOf(
      this.lineage(holder)
        .find(({ constants }) => constants.has(name))
        ?.constants.get(name),
      holder,
      depth + 1,
    )
  }

  /** The classes on the other side of a polymorphic association. */
  classesBehind(association: string): ClassInfo[] {
    return [...this.classes.values()].filter(
      ({ kind, name }) =>
        kind === 'class' && this.lineage(name).some(({ associations }) => [...associations.values()].some(({ as }) => as === association)),
    )
  }

  /** Notes that some method of this name is awaited, for receivers that nobody knows. */
  addAsyncName(name: string): void {
    this.#asyncNames.add(name)
  }

  isAsyncSomewhere(name: string): boolean {
    return this.#asyncNames.has(name)
  }

  /** What an instance variable of a class or of those above it holds, as far as its assignments tell. */
  variableType(owner: string, name: string, isStatic: boolean): ValueType {
    for (const info of this.lineage(owner)) {
      const type = this.#variables.typeOf(info.name, name, isStatic)
      if (type) return type
    }
    return unknown
  }

  noteVariable(owner: string, name: string, isStatic: boolean, type: ValueType, isInitial = false): void {
    this.#variables.note(owner, name, isStatic, type, isInitial)
  }

  /** Notes what `attr_accessor` is given.
   *
   * @param isInitial whether it is the constructor that assigns it
   */
  noteAccessor(model: string, name: string, type: ValueType, isInitial = false): void {
    const definer = this.lineage(model).find(({ accessors }) => accessors.has(name))
    if (definer) this.#variables.note(definer.name, name, false, type, isInitial)
  }

  /** What the classes here give a method for a parameter, by its place or keyword; unknown where they don't agree. */
  argumentType(method: string, name: string): ValueType | undefined {
    return this.#variables.argumentOf(method, name)
  }

  /** Whether something here gives a method for a parameter what is no record of a class. */
  isGivenOther(method: string, name: string, model: string): boolean {
    return [...this.#variables.givenTo(method, name)].some(
      (each) => each !== model && !this.lineage(each).some((info) => info.name === model),
    )
  }

  /** What a method says that a parameter is by what it does with it. */
  hintOf(method: string, name: string): ValueType | undefined {
    return this.#variables.hintOf(method, name)
  }

  noteHint(method: string, name: string, type: ValueType): void {
    this.#variables.noteHint(method, name, type)
  }

  /** Whether something here gives a method nil for a parameter. */
  isGivenNull(method: string, name: string): boolean {
    return this.#variables.isGivenNull(method, name)
  }

  noteArgument(method: string, name: string, type: ValueType): void {
    this.#variables.noteArgument(method, name, type)
  }

  /** Lets what was noted since be known; answers whether anything is known otherwise than before. */
  settleVariables(): boolean {
    return this.#variables.settle()
  }

  /** The class whose instances a variable of this name holds by custom: `user`, `current_user`. */
  classNamed(variable: string): string | undefined {
    return this.resolve(camelize(variable)) ?? undefined
  }

  targetOf(className: string | undefined, name: string, many: boolean, from: string): string | undefined {
    return this.resolve(className ?? (many ? classify(name) : camelize(name)), from)
  }
}

/** Whether instances of a class are raised. */
export function isError({ name }: ClassInfo, application: Application): boolean {
  return application.lineage(name).some(({ parent }) => parent !== undefined && /^(::)?((\w+::)*\w*Error|Exception)$/.test(parent))
}

/** JavaScript reads the message of an error. */
function readMessage({ methods }: ClassInfo): void {
  const message = methods.get('message')
  if (message?.node && !message.node.parameters) Object.assign(message, { isProperty: true })
}

function makeStatic(info: ClassInfo): void {
  info.isStatic = true
  for (const [name, method] of info.methods) if (!info.staticMethods.has(name)) info.staticMethods.set(name, method)
  info.methods.clear()
}

const recordBases = new Set(['ActiveRecord::Base', 'ApplicationRecord'])

/** What a Ruby class is called in TypeScript: `Admin::User` → `AdminUser`. */
export function typeScriptName(name: string): string {
  return name.replace(/^::/, '').replaceAll('::', '')
}

/** What a variable that holds an instance is called: `Admin::User` → `user`. */
export function variableName(name: string): string {
  return camelize(underscore(demodulize(name)), 'lower')
}
