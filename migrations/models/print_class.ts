import { constantPath, endOf, is, type NodeOf, type RubyNode, type RubySource, statementsOf } from '../ruby/index.ts'
import {
  type Application,
  type ClassInfo,
  definedName,
  type Imports,
  isMadeBelow,
  typeScriptName,
  valueClass,
} from '../ruby/translate/index.ts'
import type { PortRow } from '../report/rows.ts'
import { completeAccessors } from './accessor_pairs.ts'
import { portBody } from './class_body.ts'
import { reportValueClass } from './constants.ts'
import { ClassContext, constructOf, portComment } from './class_context.ts'
import { isMissingInDump } from './dead_associations.ts'
import { addFields, baseOfFields } from './struct_classes.ts'
import { extendsMixin, modelFunction, parentOf } from './parents.ts'
import type { SchemaRelations } from './schema_relations.ts'
import { unportedOfModule } from './unported_members.ts'

/** What a file is printed into. */
export interface FilePort {
  readonly source: RubySource
  readonly application: Application
  readonly imports: Imports
  readonly rows: PortRow[]
  readonly schema: SchemaRelations
}

/** Prints the classes and modules of a file, those within others beside them. */
export function printFile(port: FilePort): string[] {
  const blocks: string[] = []
  let position = 0
  for (const node of port.source.statements) {
    const comments = port.source
      .commentsBetween(position, node.location.startOffset)
      .filter(({ trailing, text }) => !trailing && !/^ *(frozen_string_literal|encoding)|^ == Schema/.test(text))
    position = endOf(node)
    const head = comments.flatMap(({ text }) => text.split('\n').map((line) => `//${line.replace(/[\r\u2028\u2029]/g, ' ')}`))
    const printed = printDefinition(node, '', port)
    if (printed.length > 0) blocks.push([...head, printed[0]].join('\n'), ...printed.slice(1))
  }
  return blocks
}

function printDefinition(node: RubyNode, namespace: string, port: FilePort): string[] {
  const { source, rows } = port
  if (isMadeBelow(node, source)) return []
  const made = valueClass(node, source)
  if (made && is(node, 'ConstantWriteNode'))
    return reportValueClass(node, made, port, () =>
      printDefinition(made.node as unknown as RubyNode, namespace, { ...port, source: made.source }),
    )
  if (!is(node, 'ClassNode', 'ModuleNode')) {
    if (is(node, 'CallNode') && ['require', 'require_relative', 'require_dependency'].includes(node.name)) return []
    rows.push({
      kind: 'models',
      file: source.file,
      line: source.lineOf(node),
      construct: constructOf(node, source),
      status: 'left',
      reason: 'code outside of a class',
    })
    return [portComment(source.slice(node)).join('\n')]
  }
  const name = definedName(node, namespace)
  const info = port.application.classes.get(name)
  if (!info) return []
  const context = new ClassContext(info, source, port.application, port.imports, rows, port.schema)
  const before: string[] = []
  const after: string[] = []
  const nested = (child: RubyNode, written = source): void => {
    const printed = printDefinition(child, name, { ...port, source: written })
    const parent = is(child, 'ClassNode') ? constantPath(child.superclass as RubyNode | null) : undefined
    const isBelow = parent !== undefined && port.application.resolve(parent, name) === name
    if (isBelow) after.push(...printed)
    else before.push(...printed)
  }
  const start = bodyStart(node)
  portBody(node.body as RubyNode | null, context, nested, false, start)
  completeAccessors(context)
  before.push(...addFields(context))
  return [...before, ...printClass(node, info, context), ...after]
}

function bodyStart(node: NodeOf<'ClassNode'> | NodeOf<'ModuleNode'>): number {
  return endOf(((node as NodeOf<'ClassNode'>).superclass ?? node.constantPath) as unknown as RubyNode)
}

function printClass(node: NodeOf<'ClassNode'> | NodeOf<'ModuleNode'>, info: ClassInfo, context: ClassContext): string[] {
  const onlyNests =
    info.kind === 'module' &&
    !context.application.isMixedIn(info.name) &&
    !info.isConcern &&
    context.members.length + context.fields.length + context.macros.length === 0
  if (onlyNests && statementsOf(node.body as RubyNode | null).length > 0) return []
  const name = typeScriptName(info.name)
  if (info.isNamespace) return [functionsOf(name, context)]
  if (info.name === 'ApplicationRecord' && context.members.length + context.fields.length + context.macros.length === 0) return []
  const parent = baseOfFields(context) ?? parentOf(info, context)
  context.fields.unshift(...storedNames(info, context))
  const body = [
    context.fields.join('\n'),
    context.macros.length > 0 ? `static {\n${context.macros.join('\n')}\n}` : '',
    context.members.join('\n\n'),
  ].filter((part) => part !== '')
  if (extendsMixin(info, context.application)) {
    const left = leftConstants(info, context)
    const constants = [
      ...[...context.constants, ...left.map((each) => ({ name: each, code: 'null as Untyped' }))].map(
        ({ name: constant, code }) => `${name}.${constant} = ${code}`,
      ),
      ...left.map((each) => unportedOfModule(each, context)),
      ...context.functions,
    ]
    const mixed = parent === undefined ? 'Base' : parent.replace('%', 'Base')
    return [
      `export function ${name}<T extends Mixable>(Base: T) {\nreturn class ${name}Mixin extends ${mixed} {\n${body.join('\n\n')}\n}\n}${constants.length > 0 ? `\n\n${constants.join('\n')}` : ''}`,
    ]
  }
  const text = `export class ${name}${parent === undefined ? '' : ` extends ${parent.includes('%') ? parent.replace('%', modelCode(node, info, context)) : parent}`} {\n${body.join('\n\n')}\n}`
  return [withSuperCall(text, parent)]
}

/** The constants of a module that have no translation. */
function leftConstants(info: ClassInfo, { constants, source }: ClassContext): string[] {
  if (info.kind !== 'module' || info.file !== source.file) return []
  return [...info.constants.keys()].filter((name) => !constants.some((each) => each.name === name))
}

/** What columns of types call a class in a namespace: rows that Rails wrote have Ruby's name of it. */
function storedNames(info: ClassInfo, { application }: ClassContext): string[] {
  if (info.kind !== 'class' || !info.name.includes('::') || !application.isModel(info.name) || info.isAbstract) return []
  const parent = application.classes.get(application.resolveAbove(info.parent, info.name) ?? '')
  const isBelow = parent !== undefined && parent.name !== 'ApplicationRecord' && !parent.isAbstract && application.isModel(parent.name)
  if (isBelow) return application.columnsOf(info.name)?.has('type') ? [`static readonly stiName: string = '${info.name}'`] : []
  const isPointedAt = application
    .lineage(info.name)
    .some(({ associations }) => [...associations.values()].some(({ as }) => as !== undefined))
  return isPointedAt ? [`static readonly polymorphicName: string = '${info.name}'`] : []
}

/** `Model('Post')`; what the schema has no table of, such as a view, stays abstract: no query reaches it, and boot asks for no table. */
function modelCode(node: RubyNode, info: ClassInfo, context: ClassContext): string {
  const name = typeScriptName(info.name)
  const isThere = context.schema.size === 0 ? !isMissingInDump(info.name, context) : context.schema.has(name)
  if (isThere) return `${modelFunction(info, context)}('${name}')`
  const isElsewhere = context.application.lineage(info.name).some((each) => context.application.isConnected(each.name))
  context.report(node, `class ${info.name}`, isElsewhere ? 'note' : 'left', 'the ported schema has no table of it')
  return isElsewhere
    ? `(${modelFunction(info, context)} as Untyped)('${name}')`
    : `(${context.imports.framework('AbstractModel')} as Untyped)`
}

/** A constructor of a class below another calls it first. */
function withSuperCall(text: string, parent: string | undefined): string {
  if (parent === undefined) return text.replace(/^\s*super\(.*\)$/m, '')
  return text.replace(/(constructor\([^\n]*\) \{\n)([\s\S]*)$/, (_whole, head: string, rest: string) =>
    /^super\(/m.test(rest) ? `${head}${superFirst(rest)}` : `${head}super()\n${rest}`,
  )
}

/** JavaScript has no `this` before `super(…)`: it comes first, unless it takes something that is computed before. */
function superFirst(body: string): string {
  const lines = body.split('\n')
  const at = lines.findIndex((line) => /^super\(/.test(line))
  const before = lines.slice(0, Math.max(at, 0))
  if (!before.some((line) => /\bthis\b/.test(line))) return body
  const end = lines.findIndex((_line, index) => index >= at && balance(lines.slice(at, index + 1).join('\n')) === 0)
  const call = lines.slice(at, end + 1).join('\n')
  // What a function in it needs is there when that is called.
  const given = call.replace(/=> \{[\s\S]*$/, '')
  const computed = before.flatMap((line) => [...line.matchAll(/(?:^|[\s;({])([\w$]+) (?:[-+*/|&?]{0,2})= /g)].map(([, name]) => name!))
  if (/\bthis\b/.test(given) || computed.some((name) => new RegExp(`\\b${name}\\b`).test(given))) return body
  return end < 0 ? body : [call, ...before, ...lines.slice(end + 1)].join('\n')
}

/** How many brackets of a piece of code are open. */
function balance(code: string): number {
  return [...code].reduce((depth, letter) => depth + Number(letter === '(') - Number(letter === ')'), 0)
}

/** A module that nothing includes: its methods are functions of the file. */
function functionsOf(name: string, context: ClassContext): string {
  const text = [
    ...context.fields.map((field) => field.replace(/^static (readonly )?/, 'let ')),
    ...context.members,
    ...context.macros,
  ].join('\n\n')
  return text
    .replaceAll('module$.', '')
    .replaceAll('module$', name)
    .replace(new RegExp(`\\b${name}\\.(?=[A-Za-z])`, 'g'), '')
}
