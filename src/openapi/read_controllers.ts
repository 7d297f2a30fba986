import { readFileSync } from 'node:fs'
import { type Comment, parseSync } from 'oxc-parser'
import { type CommentBlock, type ControllerClass, ControllerClasses, type FilterSource, type MethodSource } from './controller_class.ts'
import type { ControllerFile, Warning } from './inputs.ts'
import { child, children, memberOfThis, nameOf, propertiesOf, type SyntaxNode, textsOf, textOf } from './syntax.ts'

interface SourceFile {
  readonly file: string
  readonly text: string
  readonly comments: readonly Comment[]
}

/** Parses the controllers' files. One that can't be read or parsed is left out with a warning. */
export function readControllers(
  files: readonly ControllerFile[],
  warnings: Warning[],
  readFile: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): ControllerClasses {
  const classes = new ControllerClasses()
  for (const { name, file } of files) {
    const text = readOrWarn(file, readFile, warnings)
    if (text !== undefined) classes.add(name, classesOf(file, text, warnings))
  }
  return classes
}

/** The line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

function readOrWarn(file: string, readFile: (file: string) => string, warnings: Warning[]): string | undefined {
  try {
    return readFile(file)
  } catch (error) {
    warnings.push({ file, line: 1, message: `The file could not be read: ${(error as Error).message}` })
    return undefined
  }
}

function classesOf(file: string, text: string, warnings: Warning[]): ControllerClass[] {
  const { program, comments, errors } = parseSync(file, text)
  const [error] = errors
  if (error) {
    warnings.push({ file, line: lineAt(text, error.labels[0]?.start ?? 0), message: `The file does not parse: ${error.message}` })
    return []
  }
  const source: SourceFile = { file, text, comments }
  return (program.body as unknown as SyntaxNode[]).flatMap((statement) => {
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
    const declaration = isExport ? child(statement, 'declaration') : statement
    return declaration?.type === 'ClassDeclaration' ? [classOf(source, declaration, statement.start)] : []
  })
}

function classOf(source: SourceFile, node: SyntaxNode, start: number): ControllerClass {
  const members = children(child(node, 'body'), 'body')
  const methods = members.flatMap((member) => methodOf(source, member) ?? [])
  const filters = members
    .filter((member) => member.type === 'StaticBlock')
    .flatMap((block) => children(block, 'body'))
    .flatMap((statement) => filterOf(child(statement, 'expression')) ?? [])
  return {
    name: nameOf(child(node, 'id')) ?? '',
    parent: nameOf(child(node, 'superClass')),
    file: source.file,
    line: lineAt(source.text, start),
    comment: commentBefore(source, start),
    methods: new Map(methods.map((method) => [method.name, method])),
    filters,
  }
}

/** Methods, and properties that hold a function. */
function methodOf(source: SourceFile, member: SyntaxNode): MethodSource | undefined {
  if (member['static'] || (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition')) return undefined
  const name = nameOf(child(member, 'key'))
  if (name === undefined || name === 'constructor') return undefined
  return { name, comment: commentBefore(source, member.start), body: child(child(member, 'value'), 'body') }
}

function filterOf(call: SyntaxNode | undefined): FilterSource | undefined {
  if (call?.type !== 'CallExpression') return undefined
  const macro = memberOfThis(child(call, 'callee'))
  if (macro === undefined || !['beforeAction', 'prependBeforeAction', 'appendBeforeAction', 'skipBeforeAction'].includes(macro))
    return undefined
  const args = children(call, 'arguments')
  const options = propertiesOf(args.at(-1))
  const list = (name: string) => (options.has(name) ? textsOf(options.get(name)) : undefined)
  return {
    skips: macro === 'skipBeforeAction',
    names: args.flatMap((arg) => textOf(arg) ?? []),
    only: list('only'),
    except: list('except'),
  }
}

/** The JSDoc comment right before an offset: nothing but space between. */
function commentBefore({ text, comments }: SourceFile, offset: number): CommentBlock | undefined {
  const comment = comments.findLast(({ end }) => end <= offset)
  if (comment?.type !== 'Block' || !comment.value.startsWith('*') || text.slice(comment.end, offset).trim() !== '') return undefined
  const lines = comment.value
    .slice(1)
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line.trim() : line.replace(/^\s*\* ?/, '').trimEnd()))
  return { lines, line: lineAt(text, comment.start) }
}
