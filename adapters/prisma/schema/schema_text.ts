/** A value in the arguments of an attribute: a text, a word (`true`, `Cascade`, `12`), a list, or a call (`dbgenerated("…")`, `name(sort: Desc)`). */
export type SchemaValue =
  | { readonly text: string }
  | { readonly word: string }
  | { readonly list: readonly SchemaValue[] }
  | { readonly call: string; readonly args: readonly SchemaArgument[] }

export interface SchemaArgument {
  readonly name?: string
  readonly value: SchemaValue
}

export interface SchemaAttribute {
  /** With its marks: `@id`, `@@index`, `@db.VarChar`. */
  readonly name: string
  readonly args: readonly SchemaArgument[]
}

export interface SchemaField {
  readonly name: string
  /** `String`, a model, an enum, or `Unsupported`. */
  readonly type: string
  /** The database's type of an `Unsupported("…")`. */
  readonly unsupported?: string
  readonly mark: '' | '?' | '[]'
  readonly attributes: readonly SchemaAttribute[]
  readonly documentation: string
  readonly line: number
}

export interface SchemaBlock {
  readonly kind: string
  readonly name: string
  readonly fields: readonly SchemaField[]
  readonly attributes: readonly SchemaAttribute[]
  readonly documentation: string
  /** Lines of the block, from its first to that of its brace, counted from 0. */
  readonly from: number
  readonly to: number
}

/** Reads models and enums of a schema that Prisma has found valid: all that is written, also what its own description leaves out (ignored models,
 * unsupported columns, names of foreign keys). */
export function schemaBlocks(text: string): SchemaBlock[] {
  const blocks: SchemaBlock[] = []
  let open:
    | { kind: string; name: string; from: number; documentation: string; lines: [number, string, string][]; attributes: string[] }
    | undefined
  let comments: string[] = []
  for (const [line, raw] of text.split('\n').entries()) {
    const code = withoutComment(raw).trim()
    if (raw.trim().startsWith('///')) comments.push(raw.trim().slice(3).trim())
    if (code === '') continue
    const head = /^(model|enum|view|type)\s+(\w+)\s*\{$/.exec(code)
    if (head) open = { kind: head[1]!, name: head[2]!, from: line, documentation: comments.join('\n'), lines: [], attributes: [] }
    else if (code === '}' && open) {
      blocks.push(blockOf(open, line))
      open = undefined
    } else if (code.startsWith('@@')) open?.attributes.push(code)
    else open?.lines.push([line, code, comments.join('\n')])
    comments = []
  }
  return blocks
}

function blockOf(
  {
    lines,
    attributes,
    ...open
  }: { kind: string; name: string; from: number; documentation: string; lines: [number, string, string][]; attributes: string[] },
  to: number,
): SchemaBlock {
  return {
    ...open,
    to,
    fields: lines.map(([line, code, documentation]) => (open.kind === 'enum' ? enumValue(code, line) : field(code, line, documentation))),
    attributes: attributes.flatMap((code) => new AttributeReader(code).attributes()),
  }
}

function enumValue(code: string, line: number): SchemaField {
  const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(code) ?? []
  return { name, type: '', mark: '', attributes: new AttributeReader(rest).attributes(), documentation: '', line }
}

function field(code: string, line: number, documentation: string): SchemaField {
  const [, name = '', type = '', unsupported, mark = '', rest = ''] =
    /^(\w+)\s+(\w+)(?:\(("(?:[^"\\]|\\.)*")\))?(\?|\[\])?\s*(.*)$/.exec(code) ?? []
  return {
    name,
    type,
    ...(unsupported !== undefined && { unsupported: JSON.parse(unsupported) as string }),
    mark: mark as SchemaField['mark'],
    attributes: new AttributeReader(rest).attributes(),
    documentation,
    line,
  }
}

/** The line without the comment at its end; slashes inside of texts stay. */
function withoutComment(line: string): string {
  return /^(?:[^"/]|"(?:[^"\\]|\\.)*"|\/(?!\/))*/.exec(line)![0]
}

/** Reads attributes from left to right. */
class AttributeReader {
  readonly #tokens: string[]
  #at = 0

  constructor(code: string) {
    this.#tokens = code.match(/@{0,2}[\w.-]+|"(?:[^"\\]|\\.)*"|[()[\]:,]/g) ?? []
  }

  attributes(): SchemaAttribute[] {
    const found: SchemaAttribute[] = []
    while (this.#at < this.#tokens.length) {
      const name = this.#tokens[this.#at++]!
      if (name.startsWith('@')) found.push({ name, args: this.#arguments() })
    }
    return found
  }

  #arguments(): SchemaArgument[] {
    if (this.#tokens[this.#at] !== '(') return []
    this.#at++
    const args: SchemaArgument[] = []
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== ')') {
      if (this.#tokens[this.#at] === ',') this.#at++
      else args.push(this.#argument())
    }
    this.#at++
    return args
  }

  #argument(): SchemaArgument {
    if (this.#tokens[this.#at + 1] !== ':') return { value: this.#value() }
    const name = this.#tokens[this.#at]!
    this.#at += 2
    return { name, value: this.#value() }
  }

  #value(): SchemaValue {
    const token = this.#tokens[this.#at++] ?? ''
    if (token.startsWith('"')) return { text: JSON.parse(token) as string }
    if (token !== '[') return this.#tokens[this.#at] === '(' ? { call: token, args: this.#arguments() } : { word: token }
    const list: SchemaValue[] = []
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== ']') {
      if (this.#tokens[this.#at] === ',') this.#at++
      else list.push(this.#value())
    }
    this.#at++
    return { list }
  }
}

/** The attribute of a name, when there is one. */
export function attributeNamed(of: { readonly attributes: readonly SchemaAttribute[] }, name: string): SchemaAttribute | undefined {
  return of.attributes.find((attribute) => attribute.name === name)
}

/** An argument by its name, or the one without a name. */
export function argumentOf(attribute: SchemaAttribute | undefined, name?: string): SchemaValue | undefined {
  return attribute?.args.find((argument) => argument.name === name)?.value
}

/** The text, word or name of a call that a value is. */
export function plainValue(value: SchemaValue | undefined): string | undefined {
  if (value === undefined || 'list' in value) return undefined
  return 'text' in value ? value.text : 'word' in value ? value.word : value.call
}

/** The names in a list of fields: `[a, b(sort: Desc)]`. */
export function namesIn(value: SchemaValue | undefined): string[] {
  return value !== undefined && 'list' in value ? value.list.map((item) => plainValue(item) ?? '') : []
}
