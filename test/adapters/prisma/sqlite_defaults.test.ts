import { expect } from 'chai'
import { create, migrate, openDatabase, push } from '../../../adapters/prisma/index.ts'
import { TemporaryApplication } from './application.ts'

const url = 'file:storage/test.sqlite3'
const schema = (more = '') => `datasource db {
  provider = "sqlite"
}

model Note {
  id      Int      @id @default(autoincrement())
  is_open Boolean  @default(false)
  is_read Boolean? @default(true)
${more}
  @@map("notes")
}
`

describe('Defaults on SQLite', () => {
  let application: TemporaryApplication
  beforeEach(() => {
    application = new TemporaryApplication(schema())
  })
  afterEach(() => application.remove())
  const target = () => ({ root: application.root, url })
  const onDatabase = async (sql: string) => {
    const database = await openDatabase(target())
    try {
      return (await database.query(sql, [])).rows
    } finally {
      await database.close()
    }
  }
  const defaults = async () =>
    Object.fromEntries(await onDatabase("SELECT name, dflt_value FROM pragma_table_info('notes') WHERE dflt_value IS NOT NULL"))
  const written = { is_open: '0', is_read: '1' }
  const made = async (openly: string, read: string) => {
    await create(target())
    await onDatabase(
      `CREATE TABLE "notes" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "is_open" BOOLEAN NOT NULL DEFAULT ${openly}, "is_read" BOOLEAN DEFAULT ${read})`,
    )
  }

  it('are pushed as Rails writes and reads them', async () => {
    await push(target())
    expect(await defaults()).to.deep.equal(written)
    expect(await push({ ...target(), force: true })).to.include({ changed: false, steps: 0 })
  })

  it('of bytes are bytes, not the text of their digits', async () => {
    application.schema = schema('  mark Bytes @default("AAH/")')
    await push(target())
    expect(await defaults()).to.deep.equal({ ...written, mark: "x'0001ff'" })
  })

  it('of columns that come later, and of tables that are copied for them, too', async () => {
    await push(target())
    application.schema = schema('  is_seen Boolean @default(true)\n  data Json @default("[]")\n')
    await push(target())
    expect(await defaults()).to.deep.equal({ ...written, is_seen: '1', data: "'[]'" })
    application.schema = schema().replace('Boolean? @default(true)', 'Boolean @default(true)')
    await push({ ...target(), acceptDataLoss: true })
    expect(await defaults()).to.deep.equal(written)
  })

  it('stand so in migrations, forth and back', async () => {
    const first = await migrate.create({ ...target(), name: 'a first' })
    expect(first.script).to.include('"is_open" BOOLEAN NOT NULL DEFAULT 0,')
    application.schema = schema('  is_seen Boolean? @default(true)')
    const second = await migrate.create({ ...target(), name: 'b seen' })
    expect(second.script).to.match(/ADD COLUMN\s+"is_seen" BOOLEAN DEFAULT 1;/)
    expect(application.read(`db/migrations/${second.created}/down.sql`)).to.include('"is_read" BOOLEAN DEFAULT 1')
    expect(await migrate.create({ ...target(), name: 'c nothing' })).to.deep.include({ created: null })
    expect(await defaults()).to.deep.equal({ ...written, is_seen: '1' })
  })

  it('of older migrations are made anew as Rails reads them, and texts in them are left alone', async () => {
    const text = '\n    "is_open" BOOLEAN DEFAULT true,\n'
    application.write(
      'db/migrations/20240101000000_notes/migration.sql',
      `-- CreateTable\nCREATE TABLE "notes" (\n    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    "is_open" BOOLEAN NOT NULL DEFAULT false,
    "is_read" BOOLEAN DEFAULT true\n);\n\nCREATE TABLE texts (text TEXT);\nINSERT INTO texts VALUES ('${text}');\n`,
    )
    await migrate.apply(target())
    expect(await defaults()).to.deep.equal(written)
    expect(await onDatabase('SELECT text FROM texts')).to.deep.equal([[text]])
  })

  for (const [openly, read] of [
    ['0', '1'],
    ['false', 'true'],
    ['FALSE', 'TRUE'],
  ] as const)
    it(`that a database spells ${openly} and ${read} are the schema's`, async () => {
      await made(openly, read)
      expect(await migrate.diff({ ...target(), from: 'database' })).to.deep.equal({ script: '' })
      expect(await push({ ...target(), force: true })).to.include({ changed: false, steps: 0 })
    })

  it('that Rails 5 spelled as letters are mended once', async () => {
    await made("'f'", "'t'")
    expect(await push({ ...target(), force: true })).to.include({ changed: true })
    expect(await defaults()).to.deep.equal(written)
    expect(await push({ ...target(), force: true })).to.include({ changed: false, steps: 0 })
  })
})
