import { type PortRow, type PortStatus, shorten } from '../report/rows.ts'
import { is, type RubyNode, type RubySource } from '../ruby/index.ts'
import { parses } from '../typescript/index.ts'
import { refuseMissingNames } from './needed_names.ts'
import type { SchemaRelations } from './schema_relations.ts'
import {
  type Application,
  type ClassInfo,
  type Expression,
  Frame,
  type Imports,
  typeScriptName,
  Untranslated,
  variableName,
  type ValueType,
} from '../ruby/translate/index.ts'

/** What the port of one class has gathered: statements of its static block, members, rows of the report. */
export class ClassContext {
  readonly info: ClassInfo
  readonly source: RubySource
  readonly application: Application
  readonly imports: Imports
  readonly rows: PortRow[]
  readonly schema: SchemaRelations
  /** Lines of the static block. */
  readonly macros: string[] = []
  /** Fields and constants, which come before the static block. */
  readonly fields: string[] = []
  /** The constants of a module that is mixed in, which are asked of the module as well. */
  readonly constants: { name: string; code: string }[] = []
  /** Functions of a module that is mixed in, which classes don't take over. */
  readonly functions: string[] = []
  /** Methods, in their order. */
  readonly members: string[] = []
  readonly fieldNames = new Set<string>()
  visibility: 'public' | 'protected' | 'private' = 'public'
  /** In a block that runs for the classes that include the module: what it defines is theirs. */
  isIncluded = false

  constructor(
    info: ClassInfo,
    source: RubySource,
    application: Application,
    imports: Imports,
    rows: PortRow[],
    schema: SchemaRelations = new Map(),
  ) {
    this.schema = schema
    this.info = info
    this.source = source
    this.application = application
    this.imports = imports
    this.rows = rows
  }

  /** A frame for code of the class: in its static block, in a method, or in a function of a record. */
  frame(self: Expression, isStatic: boolean): Frame {
    const frame = new Frame(this.application, this.source, this.imports, this.info.name, self)
    frame.isStatic = isStatic
    return frame
  }

  /** `this` where it is the class. */
  ofClass(): Frame {
    return this.frame({ code: this.info.isNamespace ? 'module$' : 'this', type: { kind: 'class', model: this.info.name } }, true)
  }

  /** A module that is mixed in, where it is called itself. */
  ofModule(): Frame {
    return this.frame({ code: typeScriptName(this.info.name), type: { kind: 'class', model: this.info.name } }, true)
  }

  /** `this` where it is a record. */
  ofRecord(): Frame {
    return this.frame({ code: 'this', type: this.recordType() }, false)
  }

  /** The same class, where its Ruby is written elsewhere. */
  within(source: RubySource): ClassContext {
    return Object.create(this, { source: { value: source } }) as ClassContext
  }

  /** A function that is given a record, by the name of its class. */
  ofGivenRecord(): { frame: Frame; name: string } {
    const name = variableName(this.info.name)
    return { frame: this.frame({ code: name, type: this.recordType() }, false), name }
  }

  recordType(): ValueType {
    return { kind: 'record', model: this.info.name }
  }

  report(node: RubyNode, construct: string, status: PortStatus, reason = ''): void {
    this.rows.push({
      kind: 'models',
      file: this.source.file,
      line: this.source.lineOf(node),
      construct: shorten(construct),
      status,
      reason,
    })
  }

  /** Reports what a frame has found: what was left, what nobody knows, what had to be guessed. */
  reportFrame(node: RubyNode, construct: string, frame: Frame, notes: readonly string[] = []): void {
    if (frame.left.length > 0) {
      this.report(node, construct, 'left', `in part: ${frame.left[0]!}${frame.left.length > 1 ? ` and ${frame.left.length - 1} more` : ''}`)
      return
    }
    const unknown = [...frame.unknownNames].slice(0, 4).join(', ')
    const reasons = [
      ...notes,
      ...frame.notes,
      ...(unknown === '' ? [] : [`nothing in the application defines ${unknown}`]),
      ...(frame.doubts.size === 0 ? [] : [`the receivers of ${[...frame.doubts].slice(0, 4).join(', ')} are guessed`]),
    ]
    this.report(node, construct, reasons.length > 0 ? 'note' : 'ported', reasons.join('; '))
  }

  /** Keeps Ruby as a comment. */
  leave(node: RubyNode, construct: string, reason: string, into: string[] = this.macros): void {
    into.push(...portComment(this.source.slice(node)))
    this.report(node, construct, 'left', reason)
  }

  /** Runs work for a node; what has no translation is left, and answers false. */
  attempt(node: RubyNode, construct: string, work: () => void, into: string[] = this.macros): boolean {
    const [macros, members, fields] = [this.macros.length, this.members.length, this.fields.length]
    const [functions, constants] = [this.functions.length, this.constants.length]
    const rows = this.rows.length
    const names = [...this.fieldNames]
    try {
      work()
      checkAdded(node, this, { macros, members, fields, constants })
      return true
    } catch (error) {
      if (!(error instanceof Untranslated)) throw error
      this.macros.length = macros
      this.members.length = members
      this.fields.length = fields
      this.functions.length = functions
      this.constants.length = constants
      this.rows.length = rows
      for (const name of [...this.fieldNames]) if (!names.includes(name)) this.fieldNames.delete(name)
      this.leave(node, construct, error.message, into)
      return false
    }
  }
}

/** What was added to a class must be TypeScript, and must not need what isn't there when the class is loaded.
 *
 * @param from how many there were before
 * @throws Untranslated when it isn't, or does
 */
function checkAdded(
  node: RubyNode,
  context: ClassContext,
  from: Readonly<Record<'macros' | 'members' | 'fields' | 'constants', number>>,
): void {
  const fields = context.fields.slice(from.fields)
  const members = context.members.slice(from.members)
  const inClass = [...fields, `static {\n${context.macros.slice(from.macros).join('\n')}\n}`, ...members].join('\n')
  if (!parses([...context.functions, ''].join('\n'))) throw new Untranslated(node, 'what would be written is no TypeScript')
  const text = context.info.isNamespace ? members.join('\n') : `export class X extends Object {\n${inClass}\n}`
  if (!parses(text)) throw new Untranslated(node, 'what would be written is no TypeScript')
  const constants = context.constants.slice(from.constants).map(({ code }) => code)
  refuseMissingNames(node, [text, ...(context.info.isNamespace ? fields : []), ...constants].join('\n'), context)
}

/** Ruby as a `// PORT:` comment; what ends a line for JavaScript alone doesn't. */
export function portComment(ruby: string): string[] {
  return ruby.split('\n').map((line) => `// PORT: ${line.replace(/[\r\u2028\u2029]/g, ' ')}`.trimEnd())
}

/** The head of a statement, as the report names it. */
export function constructOf(node: RubyNode, source: RubySource): string {
  const text = source.slice(node).split('\n', 1)[0]!
  return is(node, 'DefNode') ? text.replace(/\s*=\s.*$/, '') : text
}
