/** A piece of TypeScript that knows where it may break over lines. */
export type Code = string | ArrayCode | ObjectCode | CallCode | ArrowCode

export interface ArrayCode {
  readonly type: 'array'
  readonly items: readonly Code[]
}

export interface ObjectCode {
  readonly type: 'object'
  readonly properties: readonly Property[]
}

/** One property of an object literal; `...` as key spreads the value. */
export interface Property {
  readonly key: string
  readonly value: Code
}

export interface CallCode {
  readonly type: 'call'
  readonly callee: string
  readonly args: readonly Code[]
}

/** An arrow function: its body is an expression or statements. */
export interface ArrowCode {
  readonly type: 'arrow'
  readonly parameters: string
  readonly body: Code | readonly Statement[]
}

/** A statement of the output, with the comments and the blank line that stood at it. */
export type Statement = (LineStatement | BlockStatement | CommentStatement) & { blankBefore?: boolean; origin?: Origin }

/** Where a statement comes from. */
export interface Origin {
  /** The Ruby file and line, `config/routes.rb:4`. */
  readonly at: string
  /** `app`, or the gem whose call stands for it: `gem:devise`. */
  readonly origin: string
}

export interface LineStatement {
  readonly type: 'line'
  /** What stands before the expression: `const x = `, `return `. */
  readonly prefix?: string
  readonly code: Code
  /** What stands behind the expression: ` as const`. */
  readonly suffix?: string
  /** A comment behind the statement, `//` included. */
  trailing?: string
}

/** Statements under a head, such as `if (x)`; `next` continues it, as `else` does. */
export interface BlockStatement {
  readonly type: 'block'
  readonly head: string
  /** An expression behind the head that may break over lines, closed by a bracket: what a loop iterates over. */
  readonly subject?: Code
  readonly body: readonly Statement[]
  readonly next?: BlockStatement
}

export interface CommentStatement {
  readonly type: 'comment'
  /** One line, `//` included. */
  readonly text: string
}

export function array(items: readonly Code[]): ArrayCode {
  return { type: 'array', items }
}

export function object(properties: readonly Property[]): ObjectCode {
  return { type: 'object', properties }
}

export function call(callee: string, ...args: readonly Code[]): CallCode {
  return { type: 'call', callee, args }
}

export function arrow(parameters: string, body: Code | readonly Statement[]): ArrowCode {
  return { type: 'arrow', parameters, body }
}

/** Whether an arrow's body is statements. */
export function isStatements(body: Code | readonly Statement[]): body is readonly Statement[] {
  return Array.isArray(body)
}

/** A string literal in single quotes, or in double ones where that saves escapes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  const double = text.includes("'") && text.split("'").length > text.split('"').length
  return double ? `"${escaped.replaceAll('"', '\\"')}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** A property key, quoted only where it must be. In brackets `__proto__` is a name like any other. */
export function propertyKey(key: string): string {
  if (key === '__proto__') return "['__proto__']"
  return isIdentifier(key) ? key : quote(key)
}

/** Whether a name can stand as an identifier or as a property behind a dot. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name)
}

const reservedWords = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in
  instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with
  yield await async arguments eval undefined`.split(/\s+/),
)

/** Whether a name may not be used for a variable. */
export function isReservedWord(name: string): boolean {
  return reservedWords.has(name)
}
