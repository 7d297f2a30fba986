import { createRequire } from 'node:module'
import { getDMMF } from '@prisma/get-dmmf'
import { expect } from 'chai'
import { type Provider, portSchema } from '../../../migrations/index.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

const requireOfPrisma = createRequire(createRequire(import.meta.url).resolve('@prisma/get-dmmf'))
const wasm = requireOfPrisma('@prisma/prisma-schema-wasm') as { format(schema: string, parameters: string): string }

/** A schema as `prisma format` leaves it. */
function formatted(schema: string): string {
  const parameters = { textDocument: { uri: 'file:///schema.prisma' }, options: { tabSize: 2, insertSpaces: true } }
  return (JSON.parse(wasm.format(JSON.stringify([['schema.prisma', schema]]), JSON.stringify(parameters))) as [[string, string]])[0][1]
}

function ported(body: string, options: { provider?: Provider; models?: Record<string, string> } = {}) {
  const models = Object.fromEntries(Object.entries(options.models ?? {}).map(([name, text]) => [`app/models/${name}.rb`, text]))
  const { files, rows } = portSchema(folderOf({ 'db/schema.rb': schemaRb(body), ...models }), options.provider)
  const schema = files[0]!.text
  const valid = getDMMF({ datamodel: schema })
  if (!('datamodel' in valid)) throw new Error(`${valid.error.message}\n${schema}`)
  expect(formatted(schema), "as Prisma's formatter lays it out").to.equal(schema)
  return { schema, rows, extras: files[1]?.text, model: (name: string) => blockOf(schema, 'model', name) }
}

/** The lines of a model or enum, with single spaces. */
function blockOf(schema: string, kind: string, name: string): string[] {
  const body = new RegExp(`^${kind} ${name} \\{\\n([\\s\\S]*?)\\n\\}`, 'm').exec(schema)?.[1] ?? ''
  return body
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter((line) => line !== '')
}

function table(columns: string, options = ''): string {
  return `create_table "things"${options}, force: :cascade do |t|\n${columns}\nend`
}

describe('porting the schema', () => {
  afterEach(removeFolders)

  describe('columns', () => {
    const columns: [ruby: string, provider: Provider, prisma: string][] = [
      ['t.string "a", null: false', 'sqlite', 'a String'],
      ['t.string "a"', 'sqlite', 'a String?'],
      ['t.string "a", limit: 40', 'postgresql', 'a String? @db.VarChar(40)'],
      ['t.string "a"', 'postgresql', 'a String? @db.VarChar'],
      ['t.string "a"', 'mysql', 'a String? @db.VarChar(255)'],
      ['t.text "a", size: :medium', 'mysql', 'a String? @db.MediumText'],
      ['t.integer "a", default: 0, null: false', 'sqlite', 'a Int @default(0)'],
      ['t.integer "a", limit: 8', 'postgresql', 'a BigInt?'],
      ['t.integer "a", limit: 2', 'postgresql', 'a Int? @db.SmallInt'],
      ['t.integer "a", unsigned: true', 'mysql', 'a Int? @db.UnsignedInt'],
      ['t.bigint "a"', 'sqlite', 'a BigInt?'],
      ['t.float "a", default: 1.5', 'sqlite', 'a Float? @default(1.5)'],
      ['t.decimal "a", precision: 10, scale: 2, default: "0.0"', 'postgresql', 'a Decimal? @default(0.0) @db.Decimal(10, 2)'],
      ['t.boolean "a", default: false, null: false', 'sqlite', 'a Boolean @default(false)'],
      ['t.datetime "a"', 'sqlite', 'a DateTime?'],
      ['t.datetime "a", precision: nil', 'postgresql', 'a DateTime? @db.Timestamp'],
      ['t.decimal "a"', 'postgresql', 'a Decimal? @db.Decimal'],
      ['t.hstore "a", default: {}, null: false', 'postgresql', 'a Unsupported("hstore") @default(dbgenerated("\'\'::hstore"))'],
      ['t.datetime "a", precision: 3, default: -> { "CURRENT_TIMESTAMP" }', 'postgresql', 'a DateTime? @default(now()) @db.Timestamp(3)'],
      ['t.date "a", default: "2020-01-31"', 'postgresql', 'a DateTime? @default("2020-01-31T00:00:00Z") @db.Date'],
      ['t.time "a"', 'postgresql', 'a DateTime? @db.Time'],
      ['t.binary "a"', 'sqlite', 'a Bytes?'],
      ['t.json "a", default: { "b" => [1] }', 'sqlite', 'a Json? @default("{\\"b\\":[1]}")'],
      ['t.jsonb "a", default: {}, null: false', 'postgresql', 'a Json @default("{}")'],
      ['t.uuid "a", default: -> { "gen_random_uuid()" }', 'postgresql', 'a String? @default(dbgenerated("gen_random_uuid()")) @db.Uuid'],
      ['t.citext "a"', 'postgresql', 'a String? @db.Citext'],
      ['t.inet "a"', 'postgresql', 'a String? @db.Inet'],
      ['t.tsvector "a"', 'postgresql', 'a Unsupported("tsvector")?'],
      ['t.daterange "a", array: true', 'postgresql', 'a Unsupported("daterange")[]'],
      [
        't.int4range "a", array: true, default: []',
        'postgresql',
        'a Unsupported("int4range")[] @default(dbgenerated("\'{}\'::int4range[]"))',
      ],
      ['t.string "a", default: [], array: true', 'postgresql', 'a String[] @default([]) @db.VarChar'],
      ['t.string "a", default: ["x"], array: true', 'sqlite', 'a Json? @default("[\\"x\\"]")'],
      ['t.column "a", "interval"', 'sqlite', 'a String?'],
      ['t.string "_a"', 'sqlite', 'a String? @map("_a")'],
    ]
    for (const [ruby, provider, expected] of columns) {
      it(`ports ${ruby} to ${provider}`, () => expect(ported(table(ruby), { provider }).model('Thing')).to.include(expected))
    }

    it('says of a date that SQLite has no type for it, in the comment of the field', () => {
      const { model } = ported(table('t.date "due_on", comment: "when it is late"\nt.datetime "at"'), { provider: 'sqlite' })
      expect(model('Thing').slice(1, 5)).to.deep.equal(['/// when it is late', '/// @date', 'due_on DateTime?', 'at DateTime?'])
    })

    it('keeps timestamps plain, as the database of Rails has them', () => {
      const { model } = ported(table('t.datetime "created_at", null: false\nt.datetime "updated_at", null: false'))
      expect(model('Thing')).to.include.members(['created_at DateTime', 'updated_at DateTime'])
    })

    it('reads columns that a hand-written schema groups', () => {
      const { model } = ported(
        `create_table "users" do |t|\nend\n${table('t.string :a, :b\nt.references :user, foreign_key: true\nt.timestamps')}`,
      )
      expect(model('Thing').join('\n'))
        .to.match(/^a String\?$/m)
        .and.match(/^b String\?$/m)
        .and.match(/^user_id Int\?$/m)
        .and.match(/^created_at DateTime$/m)
      expect(model('Thing')).to.include('user User? @relation(fields: [user_id], references: [id], onDelete: NoAction, onUpdate: NoAction)')
    })

    it('carries comments over', () => {
      expect(ported(table('t.string "a", comment: "Its name"')).schema).to.include('  /// Its name\n')
    })

    it('ports enums, with names that Prisma takes', () => {
      const { schema, model } = ported(
        `create_enum "mood", ["ok", "so-so"]\n${table('t.enum "mood", default: "so-so", enum_type: "mood"')}`,
        { provider: 'postgresql' },
      )
      expect(blockOf(schema, 'enum', 'Mood')).to.deep.equal(['ok', 'so_so @map("so-so")', '@@map("mood")'])
      expect(model('Thing')).to.include('mood Mood? @default(so_so)')
    })
  })

  describe('keys', () => {
    const keys: [options: string, provider: Provider, prisma: string][] = [
      ['', 'sqlite', 'id Int @id @default(autoincrement())'],
      ['', 'postgresql', 'id BigInt @id @default(autoincrement())'],
      [', id: :serial', 'postgresql', 'id Int @id @default(autoincrement())'],
      [
        ', id: :uuid, default: -> { "gen_random_uuid()" }',
        'postgresql',
        'id String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
      ],
      [', id: :uuid', 'sqlite', 'id String @id @default(uuid())'],
      [', primary_key: "code", id: :string', 'sqlite', 'code String @id'],
      [', id: { type: :bigint, unsigned: true }', 'mysql', 'id BigInt @id @default(autoincrement()) @db.UnsignedBigInt'],
      [', id: :integer, default: nil', 'postgresql', 'id Int @id'],
      [', id: :bigint, default: -> { "next_id()" }', 'postgresql', 'id BigInt @id @default(dbgenerated("next_id()"))'],
      [', primary_key: ["a", "b"]', 'sqlite', '@@id([a, b])'],
    ]
    for (const [options, provider, expected] of keys) {
      it(`ports a key given by \`${options.slice(2) || 'nothing'}\` to ${provider}`, () => {
        expect(ported(table('t.integer "a", null: false\nt.integer "b", null: false', options), { provider }).model('Thing')).to.include(
          expected,
        )
      })
    }

    it('takes the two columns of a join table for its key, and says so', () => {
      const { model, rows } = ported(table('t.integer "a_id", null: false\nt.integer "b_id", null: false', ', id: false'))
      expect(model('Thing')).to.include('@@id([a_id, b_id])')
      expect(rows.some(({ status, reason }) => status === 'note' && reason.startsWith('a join table'))).to.equal(true)
    })

    it('does not take a unique index over columns that may be null for a key', () => {
      const { model } = ported(table('t.integer "a"\nt.integer "b"\nt.index ["a", "b"], name: "iab", unique: true', ', id: false'))
      expect(model('Thing')).to.include.members(['@@unique([a, b], map: "iab")', '@@ignore'])
    })

    it('keeps a table without a key, out of reach of the client', () => {
      const { model, rows } = ported(table('t.string "a"', ', id: false'))
      expect(model('Thing')).to.include('@@ignore')
      expect(rows.find(({ status }) => status === 'left')?.reason).to.match(/without key/)
    })
  })

  describe('indexes', () => {
    const indexes: [ruby: string, provider: Provider, prisma: string][] = [
      ['t.index ["a"], name: "ia"', 'sqlite', '@@index([a], map: "ia")'],
      ['t.index ["a"]', 'sqlite', '@@index([a], map: "index_things_on_a")'],
      ['t.index ["a"], name: "ia", unique: true', 'sqlite', 'a String? @unique(map: "ia")'],
      ['t.index ["a", "b"], name: "iab", unique: true', 'sqlite', '@@unique([a, b], map: "iab")'],
      ['t.index ["a", "b"], name: "iab", order: { b: :desc }', 'sqlite', '@@index([a, b(sort: Desc)], map: "iab")'],
      ['t.index ["a"], name: "ia", using: :hash', 'postgresql', '@@index([a], map: "ia", type: Hash)'],
      [
        't.index ["a"], name: "ia", opclass: :gin_trgm_ops, using: :gin',
        'postgresql',
        '@@index([a(ops: raw("gin_trgm_ops"))], map: "ia", type: Gin)',
      ],
      ['t.index ["a"], name: "ia", length: 20', 'mysql', '@@index([a(length: 20)], map: "ia")'],
      ['t.index ["b"], name: "ib", type: :fulltext', 'mysql', '@@fulltext([b], map: "ib")'],
    ]
    for (const [ruby, provider, expected] of indexes) {
      it(`ports ${ruby} to ${provider}`, () =>
        expect(ported(table(`t.string "a"\nt.text "b"\n${ruby}`), { provider }).model('Thing')).to.include(expected))
    }

    const sql: [ruby: string, provider: Provider, sql: string][] = [
      [
        't.index ["a"], name: "ia", unique: true, where: "(a IS NOT NULL)"',
        'sqlite',
        'CREATE UNIQUE INDEX IF NOT EXISTS "ia" ON "things" ("a") WHERE (a IS NOT NULL);',
      ],
      ['t.index "lower((a)::text)", name: "ia"', 'postgresql', 'CREATE INDEX IF NOT EXISTS "ia" ON "things" (lower((a)::text));'],
      ['t.index "lower((a)::text)", name: "ia"', 'sqlite', 'CREATE INDEX IF NOT EXISTS "ia" ON "things" (lower((a)));'],
      ['t.index ["a"], name: "ia", using: :gin', 'postgresql', 'CREATE INDEX IF NOT EXISTS "ia" ON "things" USING gin ("a");'],
      ['t.index ["a"], name: "ia", include: ["b"]', 'sqlite', '-- CREATE INDEX IF NOT EXISTS "ia" ON "things" ("a") INCLUDE ("b");'],
      [
        't.check_constraint "a > 1", name: "positive"',
        'postgresql',
        'ALTER TABLE "things" DROP CONSTRAINT IF EXISTS "positive";\nALTER TABLE "things" ADD CONSTRAINT "positive" CHECK (a > 1);',
      ],
      [
        't.virtual "c", type: :string, as: "upper(a)", stored: true',
        'postgresql',
        `DO $do$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '"things"'::regclass AND attname = 'c' AND attgenerated <> '') THEN
    ALTER TABLE "things" DROP COLUMN "c", ADD COLUMN "c" character varying GENERATED ALWAYS AS (upper(a)) STORED;
  END IF;
END $do$;`,
      ],
      ['t.string "c", array: true, null: false', 'postgresql', 'ALTER TABLE "things" ALTER COLUMN "c" SET NOT NULL;'],
      [
        't.index ["a"], name: "ia", opclass: :text_pattern_ops',
        'postgresql',
        'CREATE INDEX IF NOT EXISTS "ia" ON "things" ("a" text_pattern_ops);',
      ],
      ['t.index "\\"nothing\\"", name: "ia"', 'sqlite', `CREATE INDEX IF NOT EXISTS "ia" ON "things" ((''||'nothing'));`],
    ]
    for (const [ruby, provider, expected] of sql) {
      it(`puts ${ruby} beside the schema for ${provider}`, () => {
        const { extras, rows } = ported(table(`t.string "a"\nt.text "b"\n${ruby}`), { provider })
        expect(extras).to.include(`-- db/schema.rb:5\n${expected}\n`)
        expect(rows.find(({ line }) => line === 5)?.status).to.equal(expected.startsWith('--') ? 'left' : 'note')
      })
    }

    it('keeps extensions, views and what it does not know', () => {
      const { extras, rows } = ported(
        'enable_extension "plpgsql"\nenable_extension "citext"\ncreate_view "v", sql_definition: <<-SQL\n  SELECT 1\nSQL\ncreate_virtual_table "fts", "fts5", ["a"]',
        { provider: 'postgresql' },
      )
      expect(extras).to.include('before the tables are there:\n\n-- db/schema.rb:3\nCREATE EXTENSION IF NOT EXISTS "citext";')
      expect(extras)
        .to.include('CREATE OR REPLACE VIEW "v" AS\nSELECT 1;')
        .and.include('-- CREATE VIRTUAL TABLE IF NOT EXISTS "fts" USING fts5 (a);')
      expect(rows.map(({ status }) => status)).to.deep.equal(['note', 'note', 'note', 'left'])
    })

    it('keeps a check that holds for new rows only', () => {
      const { extras } = ported(`${table('t.integer "a"')}\nadd_check_constraint "things", "a > 1", name: "positive", validate: false`, {
        provider: 'postgresql',
      })
      expect(extras).to.include('ADD CONSTRAINT "positive" CHECK (a > 1) NOT VALID;')
    })

    it('keeps virtual tables of SQLite, and indexes of views', () => {
      expect(ported('create_virtual_table "fts", "fts5", ["a", "tokenize=porter"]').extras).to.include(
        'CREATE VIRTUAL TABLE IF NOT EXISTS "fts" USING fts5 (a, tokenize=porter);',
      )
      const view = 'create_view "v", materialized: true, sql_definition: "SELECT 1 AS a"\nadd_index "v", ["a"], name: "iv", unique: true'
      expect(ported(view, { provider: 'postgresql' }).extras).to.include('CREATE UNIQUE INDEX IF NOT EXISTS "iv" ON "v" ("a");')
    })
  })
})
