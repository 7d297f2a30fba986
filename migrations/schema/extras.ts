import { addViewIndex } from './indexes.ts'
import { lineBreak } from './prisma.ts'
import type { ExtraSql, SchemaPort } from './schema_port.ts'

/** Turns views, triggers, functions and extensions into SQL beside the schema. */
export function addExtras(port: SchemaPort): void {
  for (const { construct, sql, before, ruby, line } of port.structure.extras) {
    if (sql === '') port.report(line, construct, 'note', 'every PostgreSQL has it')
    else if (sql !== undefined) port.addSql(line, construct, sql, 'Prisma has no word for it', before)
    else port.report(line, construct, 'left', `the schema doesn't say its SQL: ${ruby.split('\n', 1)[0]}`)
  }
  for (const { view, index } of port.structure.viewIndexes) addViewIndex(view, index, port)
  for (const { ruby, line, reason } of port.structure.unknown) {
    port.extras.push({ line, sql: ruby, before: false, disabled: true })
    port.report(
      line,
      ruby.split('\n', 1)[0]!,
      'left',
      `${reason}; ${port.structure.isPulled ? 'it' : 'its Ruby'} is in db/schema_extras.sql as a comment`,
    )
  }
}

/** The text of `db/schema_extras.sql`; undefined when Prisma's language said everything. */
export function extrasText(port: SchemaPort): string | undefined {
  if (port.extras.length === 0) return undefined
  const header = `-- ${port.structure.isPulled ? 'Pulled' : 'Ported'} from ${port.structure.file}: what Prisma's language can't say.`
  const before = section(
    '-- To be run before the tables are there:',
    port.extras.filter((extra) => extra.before),
    port,
  )
  const after = section(
    '-- To be run when the tables are there:',
    port.extras.filter((extra) => !extra.before),
    port,
  )
  return `${[header, ...before, ...after].join('\n\n')}\n`
}

function section(title: string, extras: readonly ExtraSql[], port: SchemaPort): string[] {
  if (extras.length === 0) return []
  const statements = [...extras]
    .sort((left, right) => left.line - right.line)
    .map(({ line, sql, disabled }) => {
      const text = disabled
        ? sql
            .split(lineBreak)
            .map((part) => `-- ${part}`.trimEnd())
            .join('\n')
        : sql
      return port.structure.isPulled ? text : `-- ${port.structure.file}:${line}\n${text}`
    })
  return [title, ...statements]
}
