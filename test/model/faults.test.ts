import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DatabaseFailure, RegaugeError } from '../../src/errors/index.ts'
import { bindModels, modelOf } from '../../src/model/index.ts'
import { buildScript } from '../application/built_program.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Note {
  id   Int    @id @default(autoincrement())
  text String
  tags Tag[]
}
model Tag {
  id      Int  @id @default(autoincrement())
  note_id Int
  note    Note @relation(fields: [note_id], references: [id])
}
`

class Note extends modelOf<{}>()('Note') {
  declare id: number
  declare text: string
}

describe('a SQLite database that fails', () => {
  let folder: string
  let file: string
  let test: TestDatabase

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'regauge-faults-'))
    file = path.join(folder, 'notes.sqlite3')
    test = await testDatabase(schema, `file:${file}`)
    bindModels([Note], test.database, test.metadata)
  })
  beforeEach(() => Note.deleteAll())
  after(async () => {
    await test.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function failureOf(work: Promise<unknown>): Promise<DatabaseFailure> {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof RegaugeError && 'reason' in cause.details && 'kind' in cause.details)
        return cause.details as unknown as DatabaseFailure
    }
    throw new Error(`No failure of the database: ${String(error)}`)
  }

  const long = 'x'.repeat(10_000)

  it('keeps nothing of a transaction for which the disk was too small, and goes on when there is room', async () => {
    const pages = Number(await Note.connection.selectValue('pragma page_count'))
    await Note.connection.selectValue(`pragma max_page_count = ${pages + 20}`)
    const failure = await failureOf(
      Note.transaction(async () => {
        for (let turn = 0; turn < 100; turn++) await Note.createOrThrow({ text: long })
      }),
    )
    expect(failure.reason).to.match(/full/)
    expect(await Note.count()).to.equal(0)
    await Note.connection.selectValue(`pragma max_page_count = ${pages + 10_000}`)
    await Note.transaction(async () => {
      for (let turn = 0; turn < 100; turn++) await Note.createOrThrow({ text: long })
    })
    expect(await Note.count()).to.equal(100)
  })

  it('refuses a single write for which the disk is too small, and still reads', async () => {
    await Note.createOrThrow({ text: 'first' })
    const pages = Number(await Note.connection.selectValue('pragma page_count'))
    await Note.connection.selectValue(`pragma max_page_count = ${pages}`)
    const free = Number(await Note.connection.selectValue('pragma freelist_count'))
    const failure = await failureOf(Note.createOrThrow({ text: 'x'.repeat(4096 * (free + 10)) }))
    expect(failure.reason).to.match(/full/)
    expect(await Note.pluck('text')).to.deep.equal(['first'])
    await Note.connection.selectValue(`pragma max_page_count = ${pages + 10_000}`)
    await Note.createOrThrow({ text: 'second' })
    expect(await Note.count()).to.equal(2)
  })

  it('keeps nothing of a process that was killed in a transaction, and isn’t locked afterwards', async () => {
    const child = writer(file)
    await once(child.stdout!, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await Note.count()).to.equal(0)
    await Note.createOrThrow({ text: 'after' })
    expect(await Note.count()).to.equal(1)
  })

  it('tells why a commit failed, keeps nothing, and goes on', async () => {
    const failure = await failureOf(
      Note.transaction(async () => {
        await Note.createOrThrow({ text: 'first' })
        await Note.connection.execute('pragma defer_foreign_keys = on')
        await Note.connection.execute('insert into Tag (note_id) values (999)')
      }),
    )
    expect(failure.kind).to.equal('foreign_key')
    expect(await Note.count()).to.equal(0)
    await Note.transaction(() => Note.createOrThrow({ text: 'second' }))
    expect(await Note.pluck('text')).to.deep.equal(['second'])
  })

  /** Begins a transaction in a process of its own, writes, and says so. */
  function writer(database: string): ChildProcess {
    const program = `
      import { sqliteDriver } from './adapters/prisma/sqlite/index.ts'
      const handle = sqliteDriver().open(${JSON.stringify(database)}, 5000)
      handle.exec("BEGIN IMMEDIATE; INSERT INTO Note (text) VALUES ('half'); INSERT INTO Note (text) VALUES ('a')")
      process.stdout.write('written')
      setInterval(() => {}, 1000)`
    return spawn(process.execPath, [buildScript(program)], { stdio: ['ignore', 'pipe', 'inherit'] })
  }
})
