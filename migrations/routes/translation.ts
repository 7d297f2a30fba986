import { camelize } from '../../src/naming/index.ts'
import type { PortRow, PortStatus } from '../report/rows.ts'
import { shorten } from '../report/rows.ts'
import { type CallNode, emptyScope, type RubyComment, type RubyNode, type RubySource, type Scope, tryEvaluateHash } from '../ruby/index.ts'
import { type Code, type CommentStatement, isReservedWord, type Origin, type Statement } from '../typescript/index.ts'
import type { ApplicationFiles } from './application_files.ts'
import { dslNames } from './dsl_names.ts'
import { outermost, type Place, placeWithin, renamedPaths } from './place.ts'
import { valueCode } from './value_code.ts'

/** A function or value that the output defines for itself when it needs it. */
export type Stub =
  | 'notPorted'
  | 'passed'
  | 'undecided'
  | 'denied'
  | 'unknownTarget'
  | 'linked'
  | 'actionName'
  | 'helpers'
  | 'environment'
  | 'rack'
  | 'query'

/** Options of `with_options`, and the variable whose calls take them; undefined when all calls do. */
export interface SharedOptions {
  readonly pairs: readonly RubyNode[]
  readonly receiver: string | undefined
}

/** What a port of routes may be told. */
export interface PortRoutesOptions {
  /** Conditions on `Rails.env` are answered for this environment; without it they stay conditions. */
  readonly environment?: string | undefined
  /** Ruby methods that the output imports: their names, and the module that exports them. */
  readonly functions?: { readonly from: string; readonly names: readonly string[] } | undefined
}

/** Names that the output gives a meaning of its own. */
const ownNames = new Set([
  'draw',
  'cable',
  'routes',
  'options',
  'environment',
  'query',
  'rack',
  'denied',
  'undecided',
  'notPorted',
  'passed',
  'unknownTarget',
  ...Object.values(dslNames),
])

interface Checkpoint {
  readonly borrowed: Map<string, { code: Code; file: string }>
  readonly rows: number
  readonly usedDsl: Set<string>
  readonly imports: Set<string>
  readonly stubs: Set<Stub>
  readonly placed: Set<number>
}

/** What the translation of one routes file has gathered so far: names in scope, DSL calls used, rows of the report. */
export class Translation {
  source: RubySource
  readonly rows: PortRow[]
  /** Names of the DSL that the output destructures. */
  usedDsl = new Set<string>()
  /** Names imported from `regauge` beside `draw`. */
  imports = new Set<string>()
  /** Functions that the output must define for itself. */
  stubs = new Set<Stub>()
  /** Split route files that are drawn: name → identifier, and where they are drawn. */
  readonly drawn = new Map<string, string>()
  readonly drawnAt = new Map<string, Place>()
  /** Engines of the application that are mounted: constant → identifier. */
  readonly engines = new Map<string, string>()
  /** The engine whose routes these are: its name, and the module of its controllers. */
  engine: { readonly name: string; readonly module: string | undefined } | undefined
  /** Whether a path names its controller or action. */
  isDynamic = false
  /** Files that the output imports for what they do. */
  readonly sideEffects: string[] = []
  /** Statements that stand behind the outermost one around. */
  outside: Statement[] = []
  /** The gem whose call is being written out, and where the call stands. */
  gem: { readonly name: string; readonly at: string } | undefined
  /** The gems that add parts of them, by the text that a part begins with. */
  gemParts: Readonly<Record<string, string>> = {}
  /** What the calls around say about the one being translated. */
  place: Place = outermost
  /** Options of `with_options` that go to each call: of the receiver named, or of every call. */
  shared: readonly SharedOptions[] = []
  /** Variables that hold records: what is called on them is read from them. */
  records: ReadonlySet<string> | undefined
  /** The module whose method is being translated in place of its call. */
  methodsOf: string | undefined
  /** How many such methods are being read, one within the other. */
  depth = 0
  /** Variables that hold options. */
  readonly optionVariables = new Set(['options', 'opts', 'args'])
  /** Classes of this file that redirect. */
  readonly redirectClasses = new Set<string>()
  /** Variables that hold the request, where their place says so; undefined where their names do. */
  requests: ReadonlySet<string> | undefined
  /** The name of the block that the helper method being translated is given. */
  block: string | undefined
  /** How many parameters a helper method has before its block. */
  readonly parametersBeforeBlock = new Map<string, number>()
  /** The parameters of the function being translated. */
  functionParameters: readonly string[] = []
  /** Whether resources leave `new` and `edit` out, as `config.api_only` says. */
  apiOnly = true
  /** Constants whose values are known, for interpolation into regular expressions. */
  readonly scope: Scope & { file: string }
  /** Variables of loops that are written out: their values stand in their place. */
  unrolled: ReadonlySet<string> = new Set()
  /** Whether the statements that follow are skipped, as `next` says in a loop that is written out. */
  isSkipping = false
  /** Whether the loop around is written out. */
  isWrittenOut = false
  /** Turns of loops that were written out. */
  turns = 0
  /** Ruby's constants and methods defined in this file, with their names in the output. */
  readonly constants = new Map<string, string>()
  readonly methods = new Map<string, string>()
  /** Constants of other files that the output defines: name → what it is, and where it was found. */
  borrowed = new Map<string, { code: Code; file: string }>()
  /** Remarks that go out above the statement being translated. */
  pending: CommentStatement[] = []
  readonly application: ApplicationFiles
  readonly options: PortRoutesOptions
  #placed = new Set<number>()
  #locals = new Map<string, string>()

  /** @param application how to reach the other files of the application */
  constructor(source: RubySource, rows: PortRow[], application: ApplicationFiles, options: PortRoutesOptions = {}) {
    this.source = source
    this.rows = rows
    this.application = application
    this.options = options
    this.scope = { ...emptyScope(options.environment), application: application.known, file: source.file }
    for (const name of options.functions?.names ?? []) this.methods.set(name, name)
  }

  /** Makes the value of another file's constant known, for what is put together here; whether there is one. */
  knowConstant(path: string): boolean {
    const found = this.application.known.findConstant(path)
    if (found) this.scope.constants.set(path, found.value)
    return found !== undefined
  }

  /** Takes a constant of another file over into the output, and gives its name there; undefined when it isn't constant. */
  borrowConstant(path: string): string | undefined {
    const found = this.application.known.findConstant(path)
    const code = found && valueCode(found.value)
    if (!found || code === undefined) return undefined
    const name = path.replace(/^::/, '').replaceAll('::', '_')
    this.borrowed.set(name, { code, file: found.file })
    return name
  }

  /** Translates a part of another file into this one's output. */
  within<T>(source: RubySource, body: () => T): T {
    const [outer, placed] = [this.source, this.#placed]
    this.source = source
    this.scope.file = source.file
    this.#placed = new Set()
    try {
      return body()
    } finally {
      this.source = outer
      this.scope.file = outer.file
      this.#placed = placed
    }
  }

  /** Takes a DSL function into use, and gives the name to call it by. */
  dsl(name: string): string {
    this.usedDsl.add(name)
    return dslNames[name] ?? name
  }

  /** Declares a local variable and gives its name in the output. */
  declare(name: string, called?: string): string {
    const plain = /^_\d$/.test(name) ? 'item' : camelize(name.replace(/^_+(?=.)/, ''), 'lower')
    let identifier = called ?? (plain === 'options' ? 'given' : plain)
    if (called === undefined && name.startsWith('_') && identifier !== 'item') identifier = `_${identifier}`
    if (isReservedWord(identifier) || ownNames.has(identifier)) identifier += 'Value'
    this.#locals.set(name, identifier)
    this.scope.locals.delete(name)
    return identifier
  }

  /** Draws a split routes file, and gives the identifier it is imported as. */
  drawFile(name: string): string {
    const identifier = camelize(name.replace(/[^A-Za-z0-9]+/g, '_'), 'lower')
    const free =
      isReservedWord(identifier) || Object.values(dslNames).includes(identifier) || identifier === 'draw'
        ? `${identifier}Routes`
        : identifier
    this.drawn.set(name, free)
    if (!this.drawnAt.has(name)) this.drawnAt.set(name, this.place)
    return free
  }

  /** Mounts an engine of the application, and gives the identifier it is imported as. */
  mountEngine(constant: string): string {
    const identifier = camelize(constant.replace(/^::/, '').replaceAll('::', '_'), 'lower')
    this.engines.set(constant.replace(/^::/, ''), identifier)
    return identifier
  }

  local(name: string): string | undefined {
    return this.#locals.get(name)
  }

  /** Runs `body` as that of a function, with parameters and variables of its own. */
  inFunction<T>(body: () => T): T {
    const [outer, requests] = [this.functionParameters, this.requests]
    try {
      return this.inBlock(body)
    } finally {
      this.functionParameters = outer
      this.requests = requests
    }
  }

  /** Runs `body` as the block of a DSL call. */
  inCall<T>(node: CallNode, body: () => T): T {
    const outer = this.place
    this.place = placeWithin(node, outer, this.scope)
    try {
      return body()
    } finally {
      this.place = outer
    }
  }

  /** Runs `body` as that of a method, which may be called at any place. */
  anywhere<T>(body: () => T): T {
    const outer = this.place
    this.place = { ...outer, level: 'unknown' }
    try {
      return body()
    } finally {
      this.place = outer
    }
  }

  /** Renames the paths of actions from here on. */
  renamePaths(pairs: readonly RubyNode[]): void {
    const renamed = renamedPaths(tryEvaluateHash(pairs, this.scope))
    this.place = { ...this.place, pathNames: new Map([...this.place.pathNames, ...renamed]) }
  }

  /** Runs `body` while these options go to each call. */
  sharing<T>(options: SharedOptions, body: () => T): T {
    const outer = this.shared
    this.shared = [...outer, options]
    try {
      return body()
    } finally {
      this.shared = outer
    }
  }

  /** Runs `body` with local variables of its own. */
  inBlock<T>(body: () => T): T {
    const saved = new Map(this.#locals)
    try {
      return body()
    } finally {
      this.#locals = saved
    }
  }

  /** Comments that begin between two offsets and were not placed yet. */
  peekComments(start: number, end: number): RubyComment[] {
    return this.source.commentsBetween(start, end).filter((comment) => !this.#placed.has(comment.start))
  }

  /** The same, and counts them as placed. */
  takeComments(start: number, end: number): RubyComment[] {
    const comments = this.peekComments(start, end)
    for (const comment of comments) this.#placed.add(comment.start)
    return comments
  }

  /** The state to come back to when a statement turns out untranslatable. */
  checkpoint(): Checkpoint {
    return {
      borrowed: new Map(this.borrowed),
      rows: this.rows.length,
      usedDsl: new Set(this.usedDsl),
      imports: new Set(this.imports),
      stubs: new Set(this.stubs),
      placed: new Set(this.#placed),
    }
  }

  rollback(checkpoint: Checkpoint): void {
    this.rows.length = checkpoint.rows
    this.usedDsl = checkpoint.usedDsl
    this.imports = checkpoint.imports
    this.borrowed = checkpoint.borrowed
    this.stubs = checkpoint.stubs
    this.#placed = checkpoint.placed
  }

  /** Where a statement comes from. */
  originOf(node: RubyNode): Origin {
    if (this.gem) return { at: this.gem.at, origin: `gem:${this.gem.name}` }
    return { at: `${this.source.file}:${this.source.lineOf(node)}`, origin: 'app' }
  }

  /** Adds a row to the report. */
  report(node: RubyNode, construct: string, status: PortStatus, reason = ''): void {
    this.rows.push({
      kind: 'routes',
      file: this.source.file,
      line: this.source.lineOf(node),
      construct: shorten(construct),
      status,
      reason,
    })
  }

  /** Leaves a remark above the statement being translated, and a row that says the construct was left. */
  remark(node: RubyNode, construct: string, reason: string): void {
    this.report(node, construct, 'left', reason)
    this.pending.push(...portComment(construct))
  }
}

/** The original Ruby as a comment, line by line. */
export function portComment(ruby: string): CommentStatement[] {
  const lines = ruby.split('\n')
  const margin = Math.min(
    ...lines
      .slice(1)
      .filter((line) => line.trim())
      .map((line) => line.length - line.trimStart().length),
  )
  return lines.map((line, index) => ({
    type: 'comment',
    text: index === 0 ? `// PORT: ${line.trim()}` : `//       ${line.slice(Number.isFinite(margin) ? margin : 0)}`.trimEnd(),
  }))
}
