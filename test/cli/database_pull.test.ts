import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

/** A database as Rails leaves it. */
const statements = [
  'CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)',
  'CREATE TABLE authors (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, name varchar(80) NOT NULL, active boolean DEFAULT 1)',
  `CREATE TABLE books (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, title varchar DEFAULT 'new', price decimal(8,2), writer_id integer NOT NULL,
    created_at datetime(6) NOT NULL, CONSTRAINT fk_rails_1 FOREIGN KEY (writer_id) REFERENCES authors (id) ON DELETE CASCADE)`,
  'CREATE UNIQUE INDEX index_authors_on_name ON authors (name)',
  'CREATE INDEX index_books_on_title ON books (title DESC) WHERE price > 5',
  'CREATE INDEX index_books_on_lower ON books (lower(title))',
]

describe('regauge db:pull', () => {
  let root: string

  beforeEach(async () => {
    root = ordersWith()
    rmSync(join(root, 'db'), { recursive: true })
    mkdirSync(join(root, 'storage'), { recursive: true })
    const metadata = { provider: 'sqlite' as const, models: [], enums: [] }
    const database = await openDatabase({ root, url: 'file:storage/development.sqlite3', create: true, metadata })
    for (const statement of statements) await database.execute(statement, [])
    await database.close()
  })
  afterEach(removeFolders)

  const pull = (...options: string[]) => regaugeHere(['db:pull', '--root', root, ...options])
  const schema = () => readFileSync(join(root, 'db/schema.prisma'), 'utf8')

  it('writes what the database has, by the rules of the porter, and leaves out what is of Rails', async () => {
    const { status, stdout } = await pull()
    expect(status).to.equal(0)
    expect(stdout)
      .to.include('wrote    db/schema.prisma')
      .and.include('note     index index_books_on_title: an index over a part of the rows')
    expect(schema()).to.include('name   String   @unique(map: "index_authors_on_name")').and.include('active Boolean? @default(true)')
    expect(schema()).to.include(`@default("new")`).and.include('/// @decimal(8, 2)').and.not.include('schema_migrations')
    expect(schema()).to.include('writer Author @relation(fields: [writer_id], references: [id], onDelete: Cascade, onUpdate: NoAction)')
    const extras = readFileSync(join(root, 'db/schema_extras.sql'), 'utf8')
    expect(extras).to.include('CREATE INDEX IF NOT EXISTS "index_books_on_title" ON "books" ("title" DESC) WHERE price > 5;')
    expect(extras).to.include('CREATE INDEX IF NOT EXISTS "index_books_on_lower" ON "books" (lower(title));')
  })

  it('writes a schema that the database has already', async () => {
    await pull()
    expect((await regaugeHere(['db:diff', '--from', 'database', '--root', root])).stdout).to.equal('-- nothing to change\n')
    expect((await pull()).stdout).to.include('The schema is that of the database already.')
  })

  it('names relations as the models of a Rails application do', async () => {
    mkdirSync(join(root, 'rails/app/models'), { recursive: true })
    writeFileSync(
      join(root, 'rails/app/models/book.rb'),
      'class Book < ApplicationRecord\n  belongs_to :creator, class_name: "Author", foreign_key: "writer_id"\nend\n',
    )
    writeFileSync(
      join(root, 'rails/app/models/author.rb'),
      'class Author < ApplicationRecord\n  has_many :works, class_name: "Book", foreign_key: "writer_id"\nend\n',
    )
    await pull('--rails', join(root, 'rails'))
    expect(schema())
      .to.match(/creator Author @relation/)
      .and.match(/works Book\[\]/)
  })

  it('overwrites nothing unless forced, and prints when asked', async () => {
    await pull()
    writeFileSync(join(root, 'db/schema.prisma'), '// mine\n')
    const { status, stderr } = await pull()
    expect(status).to.equal(1)
    expect(stderr).to.include('db/schema.prisma exists already and differs').and.include('--force')
    expect((await pull('--print')).stdout).to.include('model Author {')
    expect(schema()).to.equal('// mine\n')
    const forced = JSON.parse((await pull('--force', '--json')).stdout) as { files: string[] }
    expect(forced.files).to.deep.equal(['db/schema.prisma'])
    expect(schema()).to.include('model Author {')
  })

  it('says that there is no database', async () => {
    rmSync(join(root, 'storage'), { recursive: true })
    const { status, stderr } = await pull()
    expect(status).to.equal(1)
    expect(stderr).to.match(/DatabaseMissing: .*development\.sqlite3 doesn't exist/)
    expect(existsSync(join(root, 'db'))).to.equal(false)
  })
})
