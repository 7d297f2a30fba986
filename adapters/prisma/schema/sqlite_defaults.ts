/** The defaults of a script as SQLite and Rails both read them. Rails reads `0` and `1` for booleans, and `x'00ff'` for bytes, and takes a column
 * with `false`, `true` or `X'00FF'` for one without a default; the engine writes the words, bytes as a text of hexadecimal digits, and JSON
 * without quotes, which SQLite takes for names. What else the script says stays as it is, texts that look like columns among it.
 *
 * @param script of the engine, or one that it wrote before
 */
export function readableDefaults(script: string): string {
  return script.replace(columnsAndTexts, (text: string, head?: string, type?: string, value?: string, end?: string) =>
    head === undefined ? text : `${head}${defaultOf(type!, value!)}${end}`,
  )
}

/** A column with its default as the engine writes it, at the beginning of a line or added to a table; else a comment, a text or a name to be
 * passed over. */
const columnsAndTexts =
  /^((?:[ \t]*|ALTER TABLE "(?:[^"\n]|"")+" ADD COLUMN\s+)"(?:[^"\n]|"")+" (BOOLEAN|BLOB|JSONB) (?:NOT NULL )?DEFAULT )(\S.*?)([,;]?)$|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/gm

function defaultOf(type: string, value: string): string {
  if (type === 'BOOLEAN') return /^true$/i.test(value) ? '1' : /^false$/i.test(value) ? '0' : value
  if (type === 'BLOB') return /^'(?:[0-9a-f]{2})*'$/.test(value) ? `x${value}` : value
  return /^[[{]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value
}
