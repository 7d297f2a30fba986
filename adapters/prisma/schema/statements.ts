/** Splits a script of SQL into its statements, without the comments around them. Texts, quoted names, PostgreSQL's `$$` bodies and the
 * bodies of triggers are taken whole.
 *
 * @returns statements with their semicolons
 */
export function statementsOf(script: string): string[] {
  const statements: string[] = []
  let current = ''
  for (const token of script.matchAll(tokens)) {
    const [text] = token
    if (isComment(text)) continue
    current += text
    if (text === ';' && !isInsideBody(current)) {
      statements.push(current.trim())
      current = ''
    }
  }
  if (current.trim() !== '') statements.push(`${current.trim()};`)
  return statements
}

/** Comments, texts, quoted names, dollar-quoted bodies, semicolons, and everything between. */
const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$|;|[^;'"`$/\-eE]+|[\s\S]/g

function isComment(text: string): boolean {
  return /^(?:--|\/\*)/.test(text) && text.length > 1
}

/** A trigger of SQLite or MySQL holds statements between BEGIN and END. */
function isInsideBody(statement: string): boolean {
  return /^\s*CREATE\s+(?:\w+\s+)*TRIGGER\b[\s\S]*\bBEGIN\b/i.test(statement) && !/\bEND\s*;$/i.test(statement)
}

/** Statements that belong together: what drops a thing, and what then makes it anew. */
export function unitsOf(script: string): string[] {
  const units: string[] = []
  let before: string[] = []
  for (const statement of statementsOf(script)) {
    before.push(statement)
    if (/^(?:DROP\s+\w+(?:\s+\w+)?\s+IF\s+EXISTS\b|ALTER\s+TABLE\s+\S+\s+DROP\s+CONSTRAINT\s+IF\s+EXISTS\b)/i.test(statement)) continue
    units.push(before.join('\n'))
    before = []
  }
  return before.length > 0 ? [...units, before.join('\n')] : units
}

/** The statement that undoes one that makes something; undefined when that can't be told. */
export function undoing(statement: string): string | undefined {
  const last = statementsOf(statement).at(-1) ?? ''
  const name = String.raw`((?:"[^"]+"|${'`[^`]+`'}|\w+)(?:\.(?:"[^"]+"|\w+))?)`
  const made = new RegExp(
    String.raw`^CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(INDEX|VIEW|MATERIALIZED\s+VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?${name}`,
    'i',
  ).exec(last)
  if (made) return `DROP ${made[1]!.toUpperCase()} IF EXISTS ${made[2]};`
  const trigger = new RegExp(String.raw`^CREATE\s+TRIGGER\s+${name}[\s\S]*?\bON\s+${name}`, 'i').exec(last)
  if (trigger) return `DROP TRIGGER IF EXISTS ${trigger[1]}${/EXECUTE\s+(?:FUNCTION|PROCEDURE)/i.test(last) ? ` ON ${trigger[2]}` : ''};`
  const constraint = new RegExp(String.raw`^ALTER\s+TABLE\s+${name}\s+ADD\s+CONSTRAINT\s+${name}`, 'i').exec(last)
  if (constraint) return `ALTER TABLE ${constraint[1]} DROP CONSTRAINT IF EXISTS ${constraint[2]};`
  return undefined
}
