import { createRequire } from 'node:module'
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { openDatabase } from '../../../adapters/prisma/index.ts'
import { locate, withoutPassword } from '../../../adapters/prisma/url.ts'
import { buildScript } from '../../application/built_program.ts'
import { NO_MODELS, rejectionOf, TemporaryApplication } from './application.ts'

/** How CommonJS finds packages, which is how the adapter is looked for. */
const Module = createRequire(import.meta.url)('node:module') as { _resolveFilename: (name: string, ...rest: unknown[]) => string }

describe('Opening a database', () => {
  const application = new TemporaryApplication()
  after(() => application.remove())
  const open = (url: string) => {
    const provider = locate(url, application.root).provider
    return openDatabase({ url, root: application.root, metadata: { ...NO_MODELS, provider } })
  }

  it('says that the file is missing', async () => {
    const error = await rejectionOf(open('file:storage/none.sqlite3'))
    expect(error.code).to.equal('REGAUGE_DATABASE_MISSING')
    expect(error.message).to.match(/^The database \S*storage\/none\.sqlite3 doesn't exist\.$/)
    expect(error.hint).to.include('regauge db:push')
  })

  it('says that the file holds something else', async () => {
    application.write('storage/text.sqlite3', 'Dear diary, '.repeat(100))
    const error = await rejectionOf(open('file:storage/text.sqlite3'))
    expect(error.code).to.equal('REGAUGE_NOT_A_DATABASE')
    expect(error.message).to.match(/text\.sqlite3 isn't a SQLite database\.$/)
  })

  it('says that the path is a folder', async () => {
    mkdirSync(application.path('storage/folder.sqlite3'), { recursive: true })
    expect((await rejectionOf(open('file:storage/folder.sqlite3'))).code).to.equal('REGAUGE_DATABASE_UNREADABLE')
  })

  it('says that the folder is missing', async () => {
    const error = await rejectionOf(
      openDatabase({ url: 'file:nowhere/new.sqlite3', root: application.root, metadata: NO_MODELS, create: true }),
    )
    expect(error.message).to.match(/can't be opened: the folder \S*nowhere doesn't exist\.$/)
  })

  it('says that the file is read-only', async function () {
    application.write('locked/read_only.sqlite3', '')
    await (await open('file:locked/read_only.sqlite3')).close()
    chmodSync(application.path('locked/read_only.sqlite3'), 0o444)
    chmodSync(application.root, 0o755)
    const script = `
      import { openDatabase } from './adapters/prisma/index.ts'
      const metadata = ${JSON.stringify(NO_MODELS)}
      if (process.getuid() === 0) process.setuid(65534) // root may write everything
      openDatabase({ url: 'file:locked/read_only.sqlite3', root: ${JSON.stringify(application.root)}, metadata }).catch((error) => console.log(error.code, error.message))`
    const { stdout, stderr } = spawnSync(process.execPath, [buildScript(script)], { encoding: 'utf8' })
    expect(stderr).to.equal('')
    expect(stdout).to.match(/^REGAUGE_DATABASE_READ_ONLY The database \S+read_only\.sqlite3 can't be written to\.$/m)
  })

  it('opens a file for reading only when the URL says so', async () => {
    application.write('storage/plain.sqlite3', '')
    const database = await open('file:storage/plain.sqlite3?mode=ro')
    const error = await rejectionOf(() => database.execute('CREATE TABLE t (a)', []))
    expect(error.details).to.include({ kind: 'readonly' })
    await database.close()
  })

  it('names the package that a server needs', async () => {
    const resolve = Module._resolveFilename
    Module._resolveFilename = (name, ...rest) => {
      if (name === '@prisma/adapter-mariadb') throw Object.assign(new Error(name), { code: 'MODULE_NOT_FOUND' })
      return resolve(name, ...rest)
    }
    const error = await rejectionOf(open('mysql://root:secret@localhost/none')).finally(() => {
      Module._resolveFilename = resolve
    })
    expect(error.message).to.match(
      /^The package @prisma\/adapter-mariadb isn't installed; MySQL needs it\. Run: npm install @prisma\/adapter-mariadb@\d/,
    )
  })

  it('refuses a URL for another kind of database than the schema is written for', async () => {
    const error = await rejectionOf(openDatabase({ url: 'postgresql://u:secret@localhost/x', root: application.root, metadata: NO_MODELS }))
    expect(error.message).to.include('the schema is written for sqlite').and.not.include('secret')
  })

  it('says that a server does not answer, and where to look', async () => {
    for (const url of ['postgresql://nobody:s3cret@127.0.0.1:1/none', 'mysql://nobody:s3cret@127.0.0.1:1/none']) {
      const error = await rejectionOf(open(url))
      expect(error.details).to.include({ kind: 'unreachable' })
      expect(error.message).to.equal("The database server at 127.0.0.1:1 doesn't answer.")
      expect(error.hint).to.include('DATABASE_URL')
    }
  })
})

describe('A database URL', () => {
  const root = path.resolve('/srv/app')

  it('names a SQLite file relative to the root of the application', () => {
    expect(locate('file:storage/development.sqlite3', root)).to.include({ dialect: 'sqlite', file: '/srv/app/storage/development.sqlite3' })
    expect(locate('sqlite3:db/a%20b.sqlite3', root)).to.include({ file: '/srv/app/db/a b.sqlite3' })
  })

  it('names an absolute SQLite file', () => {
    expect(locate('file:/data/x.sqlite3', root)).to.include({ file: '/data/x.sqlite3' })
    expect(locate('file:///data/x.sqlite3', root)).to.include({ file: '/data/x.sqlite3' })
  })

  it('names a database in memory', () => {
    expect(locate('file::memory:', root)).to.include({ file: ':memory:' })
  })

  it('names a server', () => {
    expect(locate('postgres://u@h/d', root)).to.include({ dialect: 'postgres', provider: 'postgresql' })
    expect(locate('mysql2://u@h/d', root)).to.include({ dialect: 'mysql', url: 'mysql://u@h/d' })
  })

  for (const [url, reason] of [
    ['storage/x.sqlite3', 'it has no scheme'],
    ['mongodb://h/d', 'the scheme mongodb is unknown'],
    ['file:', 'it names no file'],
    ['file:%zz', 'its path is badly encoded'],
    ['postgresql://[', "it can't be parsed"],
    ['postgresql://ann@h/', 'it names no database'],
  ] as const) {
    it(`is refused when ${reason}`, () => {
      expect(() => locate(url, root)).to.throw(reason)
    })
  }

  it('never shows its password', () => {
    expect(withoutPassword('postgresql://ann:s3cret@h/d?sslpassword=x&password=y')).to.equal(
      'postgresql://ann:…@h/d?sslpassword=…&password=…',
    )
    expect(() => locate('odbc://ann:s3cret@h/d', root))
      .to.throw()
      .with.property('message')
      .that.does.not.include('s3cret')
  })
})
