import { classify } from '../../../../src/naming/index.ts'

/** The columns of the recorded tables: name → SQL type. */
export type Tables = Record<string, Record<string, string>>

const header = `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}`

/** The Prisma schema of the recorded tables: columns only, since the database of the recording had no foreign keys. */
export function schemaOf(tables: Tables): string {
  const models = Object.entries(tables).map(([table, columns]) => {
    const fields = Object.entries(columns).map(([name, type]) => `  ${name} ${typeOf(name, type)}`)
    return `model ${classify(table)} {\n${fields.join('\n')}\n  @@map("${table}")\n}`
  })
  return [header, ...models].join('\n')
}

/** Numbers that are neither keys nor references count something, and start at zero; the timestamps of Rails are never null. */
function typeOf(name: string, type: string): string {
  if (name === 'id') return 'Int @id @default(autoincrement())'
  if (type === 'INTEGER') return name.endsWith('_id') ? 'Int?' : 'Int @default(0)'
  if (type.startsWith('datetime')) return ['created_at', 'updated_at'].includes(name) ? 'DateTime' : 'DateTime?'
  return 'String?'
}
