/** A column of a dump in SQL: its name and its type, in lower case and without a length. */
export interface DumpedColumn {
  readonly name: string
  readonly type: string
  readonly isArray: boolean
  readonly isRequired: boolean
}

/** The tables of `db/structure.sql`, as `pg_dump` and `mysqldump` write them. What else stands in it is passed over.
 *
 * @example readDump('CREATE TABLE public.posts (\n    id bigint NOT NULL,\n    tags text[]\n);').get('posts')
 */
export function readDump(sql: string): Map<string, DumpedColumn[]> {
  const tables = new Map<string, DumpedColumn[]>()
  let columns: DumpedColumn[] | undefined
  for (const line of sql.split('\n')) {
    const head = /^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?(?:[`"]?\w+[`"]?\.)?[`"]?(\w+)[`"]? \(\s*$/.exec(line)
    if (head) tables.set(head[1]!, (columns = []))
    else if (line.startsWith(')')) columns = undefined
    else if (columns) columns.push(...columnOf(line))
  }
  return tables
}

const noColumns = /^(?:CONSTRAINT|PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|FOREIGN|CHECK|EXCLUDE|LIKE)\b/

function columnOf(line: string): DumpedColumn[] {
  const text = line.trim()
  const found = /^(?:[`"]([^`"]+)[`"]|([a-z_]\w*)) (?:public\.)?([a-z]+)(.*)$/i.exec(text)
  if (!found || noColumns.test(text)) return []
  const [, quoted, plain, type = '', rest = ''] = found
  return [
    {
      name: quoted ?? plain!,
      type: type.toLowerCase() === 'tinyint' && rest.startsWith('(1)') ? 'boolean' : type.toLowerCase(),
      isArray: /^[^']*?\[\]/.test(rest.split(/ (?:NOT|DEFAULT) /, 1)[0]!),
      isRequired: /\bNOT NULL\b/.test(rest),
    },
  ]
}
