import {
  type ArrowCode,
  type BlockStatement,
  type CallCode,
  type Code,
  isStatements,
  type Origin,
  type Property,
  propertyKey,
  type Statement,
} from './code.ts'
import { conditionParts } from './conditions.ts'

const lineWidth = 140

/** The lines of a text, and where each that begins a statement comes from. */
export interface PrintedText {
  readonly text: string
  /** By number of the line, counted from 1. */
  readonly origins: ReadonlyMap<number, Origin>
}

/** Begins a line that no text of the output can begin with: what follows says where the next line comes from. */
const mark = '\0'

/** Takes the marks out of what was printed of statements that have an origin.
 *
 * @example withoutMarks(printStatements(statements)).origins.get(1) // { at: 'config/routes.rb:4', origin: 'app' }
 */
export function withoutMarks(printed: string): PrintedText {
  const lines: string[] = []
  const origins = new Map<number, Origin>()
  for (const line of printed.split('\n')) {
    if (!line.startsWith(mark)) lines.push(line)
    else origins.set(lines.length + 1, JSON.parse(line.slice(mark.length)) as Origin)
  }
  return { text: lines.join('\n'), origins }
}

function marked(origin: Origin | undefined): string {
  return origin ? `${mark}${JSON.stringify(origin)}\n` : ''
}

/** Prints statements in this project's style: two spaces, no semicolons, 140 columns. The same input gives the same text.
 *
 * Statements with an origin have a mark before them, for `withoutMarks`.
 * @param depth how many levels of indentation to begin with
 */
export function printStatements(statements: readonly Statement[], depth = 0): string {
  return statements
    .map(
      (statement, index) =>
        (statement.blankBefore && index > 0 ? '\n' : '') + marked(statement.origin) + '  '.repeat(depth) + printStatement(statement, depth),
    )
    .join('\n')
}

function printStatement(statement: Statement, depth: number): string {
  if (statement.type === 'comment') return onOneLine(statement.text)
  if (statement.type === 'block') return printBlock(statement, depth)
  const prefix = statement.prefix ?? ''
  const suffix = statement.suffix ?? ''
  const code = prefix + print(statement.code, depth, depth * 2 + prefix.length, suffix.length) + suffix
  return statement.trailing ? `${code} ${onOneLine(statement.trailing)}` : code
}

/** What ends a line for JavaScript and not for Ruby would let the rest of a comment run. */
function onOneLine(comment: string): string {
  return comment.replace(/[\r\u2028\u2029]/g, ' ').trimEnd()
}

function printBlock(block: BlockStatement, depth: number): string {
  const next = block.next ? ` ${printBlock(block.next, depth)}` : ''
  const subject = block.subject === undefined ? '' : `${print(block.subject, depth, depth * 2 + block.head.length, 3)})`
  return `${brokenHead(block.head, depth)}${subject} ${printBody(block.body, depth)}${next}`
}

/** A condition that is too long for a line has one for each of its parts. */
function brokenHead(head: string, depth: number): string {
  const [, start, condition] = /^((?:else )?(?:if|while) \()(.*)\)$/.exec(head) ?? []
  if (start === undefined || condition === undefined || depth * 2 + head.length + 2 <= lineWidth) return head
  const parts = conditionParts(condition)
  const indent = `\n${'  '.repeat(depth + 1)}`
  return parts.length === 1 ? head : `${start}${indent}${parts.join(indent)}\n${'  '.repeat(depth)})`
}

function printBody(body: readonly Statement[], depth: number): string {
  return body.length === 0 ? '{}' : `{\n${printStatements(body, depth + 1)}\n${'  '.repeat(depth)}}`
}

/** Prints an expression that begins at `column` and is followed by `tail` more characters on its last line. */
function print(code: Code, depth: number, column: number, tail = 0): string {
  const oneLine = flat(code)
  if (oneLine !== undefined && column + oneLine.length + tail <= lineWidth) return oneLine
  if (typeof code === 'string') return code
  if (code.type === 'array')
    return spread(
      '[',
      code.items.map((item) => print(item, depth + 1, depth * 2 + 2, 1)),
      ']',
      depth,
    )
  if (code.type === 'object')
    return spread(
      '{',
      code.properties.map((property) => printProperty(property, depth + 1)),
      '}',
      depth,
    )
  if (code.type === 'arrow') return printArrow(code, depth)
  return printCall(code, depth, column, tail)
}

function printCall(code: CallCode, depth: number, column: number, tail: number): string {
  const last = code.args.at(-1)
  const before = code.args.slice(0, -1).map(flat)
  const functions = code.args.filter((arg) => typeof arg === 'object' && arg.type === 'arrow').length
  const hugs = last && typeof last !== 'string' && last.type !== 'call' && !(last.type === 'arrow' && isTemplate(last))
  if (hugs && functions < 2 && before.every((text) => text !== undefined)) {
    const head = `${code.callee}(${before.map((text) => `${text}, `).join('')}`
    const hugged = print(last, depth, column + head.length, tail + 1)
    if (column + head.length + hugged.split('\n', 1)[0]!.length <= lineWidth) return `${head}${hugged})`
  }
  return spread(
    `${code.callee}(`,
    code.args.map((arg) => print(arg, depth + 1, depth * 2 + 2, 1)),
    ')',
    depth,
  )
}

/** A body that doesn't fit becomes statements: a call of the DSL as it is, any other expression with `return`. Texts go to a line of their own. */
function printArrow(code: ArrowCode, depth: number): string {
  const head = `(${code.parameters}) =>`
  if (isStatements(code.body)) return `${head} ${printBody(code.body, depth)}`
  if (isTemplate(code)) return `${head}\n${'  '.repeat(depth + 1)}${code.body as string}`
  const returns = typeof code.body === 'string' ? { prefix: 'return ' } : {}
  return `${head} ${printBody([{ type: 'line', code: code.body, ...returns }], depth)}`
}

function isTemplate(code: ArrowCode): boolean {
  return typeof code.body === 'string' && code.body.startsWith('`')
}

function printProperty({ key, value }: Property, depth: number): string {
  if (key === '...') return `...${print(value, depth, depth * 2 + 3, 1)}`
  const name = propertyKey(key)
  if (value === name) return name
  return `${name}: ${print(value, depth, depth * 2 + name.length + 2, 1)}`
}

function spread(open: string, lines: readonly string[], close: string, depth: number): string {
  if (lines.length === 0) return open + close
  const indent = '  '.repeat(depth + 1)
  return `${open}\n${lines.map((line) => `${indent}${line},\n`).join('')}${'  '.repeat(depth)}${close}`
}

/** The expression on one line; undefined where statements force a break. */
function flat(code: Code): string | undefined {
  if (typeof code === 'string') return code.includes('\n') ? undefined : code
  if (code.type === 'array') return joined('[', code.items.map(flat), ']')
  if (code.type === 'call') return joined(`${code.callee}(`, code.args.map(flat), ')')
  if (code.type === 'object') {
    return code.properties.length === 0 ? '{}' : joined('{ ', code.properties.map(flatProperty), ' }')
  }
  if (isStatements(code.body)) return code.body.length === 0 ? `(${code.parameters}) => {}` : undefined
  const body = flat(code.body)
  const wrapped = typeof code.body === 'object' && code.body.type === 'object' ? `(${body})` : body
  return body === undefined ? undefined : `(${code.parameters}) => ${wrapped}`
}

function flatProperty({ key, value }: Property): string | undefined {
  const text = flat(value)
  if (text === undefined) return undefined
  if (key === '...') return `...${text}`
  const name = propertyKey(key)
  return text === name ? name : `${name}: ${text}`
}

function joined(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.every((part) => part !== undefined) ? `${open}${parts.join(', ')}${close}` : undefined
}
