/** The databases that a schema can be written for. */
export type Provider = 'sqlite' | 'postgresql' | 'mysql'

/** A model of the Prisma schema, ready to be printed. */
export interface PrismaModel {
  readonly name: string
  readonly table: string
  readonly documentation: readonly string[]
  readonly fields: PrismaField[]
  readonly relations: PrismaField[]
  /** Attributes of the whole model, such as `@@index([a])`. */
  readonly attributes: string[]
}

/** A field: a column, or a relation. */
export interface PrismaField {
  readonly name: string
  /** With its marks: `String?`, `Int[]`. */
  type: string
  readonly attributes: string[]
  readonly documentation?: string
}

export interface PrismaEnum {
  readonly name: string
  readonly table: string
  readonly values: readonly { name: string; value: string }[]
}

/** Prints a schema as Prisma's own formatter lays it out: the columns of a block aligned.
 *
 * @param header comment lines without their slashes
 */
export function printPrismaSchema(
  provider: Provider,
  header: readonly string[],
  enums: readonly PrismaEnum[],
  models: readonly PrismaModel[],
): string {
  const blocks = [
    header.map((line) => `// ${line}`.trimEnd()).join('\n'),
    'generator client {\n  provider = "prisma-client"\n  output   = "generated/client"\n}',
    `datasource db {\n  provider = "${provider}"\n}`,
    ...enums.map(printEnum),
    ...models.map(printModel),
  ]
  return `${blocks.join('\n\n')}\n`
}

/** What ends a line for Prisma and for databases, and so would end a comment. */
export const lineBreak = /\r\n?|\n/

/** A text in Prisma's double quotes. */
export function prismaString(text: string): string {
  return JSON.stringify(text)
}

/** The name nearest to a text that Prisma takes; `prefix` stands before what can't begin one. */
export function prismaName(text: string, prefix: string): string {
  if (isPrismaName(text)) return text
  const name = text.replace(/\W/g, '_').replace(/^[_\d]+/, '')
  return isPrismaName(name) ? name : `${prefix}${name}`
}

/** Whether Prisma takes a name for a model or a field. */
export function isPrismaName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name)
}

function printEnum({ name, table, values }: PrismaEnum): string {
  const lines = aligned(values.map((value) => [value.name, value.name === value.value ? '' : `@map(${prismaString(value.value)})`]))
  return `enum ${name} {\n${lines.join('\n')}\n\n  @@map(${prismaString(table)})\n}`
}

function printModel({ name, documentation, fields, relations, attributes }: PrismaModel): string {
  const parts = [printFields(fields), printFields(relations), inOrder(attributes, modelOrder).map((attribute) => `  ${attribute}`)]
  const body = parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
  return `${documentation.map((line) => `/// ${line}\n`).join('')}model ${name} {\n${body}\n}`
}

/** The order in which Prisma's formatter puts attributes. */
const fieldOrder = ['@id', '@unique', '@default', '@updatedAt', '@map', '@relation', '@ignore', '@db']
const modelOrder = ['@@id', '@@unique', '@@index', '@@fulltext', '@@map', '@@ignore']

function inOrder(attributes: readonly string[], order: readonly string[]): string[] {
  const rank = (attribute: string) => order.indexOf(/^@+\w+/.exec(attribute)?.[0] ?? '')
  return [...attributes].sort((left, right) => rank(left) - rank(right))
}

function printFields(fields: readonly PrismaField[]): string[] {
  const lines = aligned(fields.map(({ name, type, attributes }) => [name, type, inOrder(attributes, fieldOrder).join(' ')]))
  return lines.flatMap((line, index) => {
    const documentation = fields[index]!.documentation
    return documentation === undefined ? [line] : [...documentation.split(lineBreak).map((text) => `  /// ${text}`.trimEnd()), line]
  })
}

/** Rows whose cells begin at the same column. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? []
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' ')}`.trimEnd())
}
