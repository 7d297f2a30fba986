import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { BrokenRuby, formatReport, MissingSource, port, UnwritableOutput } from '../../migrations/index.ts'
import { folderOf, removeFolders, routesRb, schemaRb } from './rails_app.ts'

const conduit = join(import.meta.dirname, '../../guides/conduit')

const app = (routes = 'get "a"') =>
  folderOf({
    'config/routes.rb': routesRb(routes),
    'db/schema.rb': schemaRb('create_table "users", force: :cascade do |t|\nt.string "name"\nend'),
  })

function statuses(files: readonly { path: string; status: string }[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, status }) => [path, status]))
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail('it should have been refused'),
    (error: Error) => error,
  )
}

describe('porting an application', () => {
  afterEach(removeFolders)

  it('writes for Conduit what is checked in', async () => {
    const result = await port({ from: join(conduit, 'rails'), to: join(conduit, 'api'), check: true, only: ['routes', 'schema'] })
    expect(statuses(result.files)).to.deep.equal({ 'config/routes.ts': 'unchanged', 'db/schema.prisma': 'unchanged' })
    expect(result.ok).to.equal(true)
    expect(result.counts).to.deep.equal({ ported: 32, note: 0, left: 0 })
  })

  it('writes the same text each time', async () => {
    const [from, to] = [app(), folderOf({})]
    const first = await port({ from, to })
    expect(statuses(first.files)).to.deep.equal({ 'config/routes.ts': 'written', 'db/schema.prisma': 'written' })
    const second = await port({ from, to })
    expect(statuses(second.files)).to.deep.equal({ 'config/routes.ts': 'unchanged', 'db/schema.prisma': 'unchanged' })
  })

  it('ports only what it is asked to', async () => {
    const to = folderOf({})
    await port({ from: app(), to, only: ['schema'] })
    expect(existsSync(join(to, 'db/schema.prisma'))).to.equal(true)
    expect(existsSync(join(to, 'config/routes.ts'))).to.equal(false)
  })

  it('writes nothing in a dry run', async () => {
    const to = folderOf({})
    const { files } = await port({ from: app(), to, dryRun: true })
    expect(statuses(files)['config/routes.ts']).to.equal('written')
    expect(readdirSync(to)).to.deep.equal([])
  })

  it('follows the Ruby as long as nobody edited its output', async () => {
    const [from, to] = [app(), folderOf({})]
    await port({ from, to })
    writeFileSync(join(from, 'config/routes.rb'), routesRb('get "b"'))
    expect(statuses((await port({ from, to })).files)['config/routes.ts']).to.equal('written')
    expect(readFileSync(join(to, 'config/routes.ts'), 'utf8')).to.include("get('b')")
  })

  it('keeps a file that was edited, and overwrites it when forced', async () => {
    const [from, to] = [app(), folderOf({})]
    const path = join(to, 'config/routes.ts')
    await port({ from, to })
    writeFileSync(path, `${readFileSync(path, 'utf8')}// mine\n`)
    const kept = await port({ from, to })
    expect(statuses(kept.files)['config/routes.ts']).to.equal('kept')
    expect(readFileSync(path, 'utf8')).to.match(/mine\n$/)
    expect(formatReport(kept)).to.include('config/routes.ts: edited since the last port, and kept. Port again with --force to overwrite.')
    const forced = await port({ from, to, force: true })
    expect(statuses(forced.files)['config/routes.ts']).to.equal('written')
    expect(readFileSync(path, 'utf8')).to.not.include('mine')
  })

  it('keeps a file that was there before the first port', async () => {
    const to = folderOf({ 'config/routes.ts': '// by hand\n' })
    expect(statuses((await port({ from: app(), to })).files)['config/routes.ts']).to.equal('kept')
  })

  it('tells which files it needs no longer', async () => {
    const from = folderOf({ 'config/routes.rb': routesRb('draw :admin'), 'config/routes/admin.rb': 'get "a"' })
    const to = folderOf({})
    await port({ from, to, only: ['routes'] })
    writeFileSync(join(from, 'config/routes.rb'), routesRb('get "a"'))
    const result = await port({ from, to, only: ['routes'] })
    expect(statuses(result.files)['config/routes/admin.ts']).to.equal('stale')
    expect(existsSync(join(to, 'config/routes/admin.ts'))).to.equal(true)
  })

  describe('checking', () => {
    it('finds differences with their line, and missing files, and writes nothing', async () => {
      const [from, to] = [app(), folderOf({})]
      await port({ from, to, only: ['routes'] })
      writeFileSync(join(from, 'config/routes.rb'), routesRb('get "b"'))
      const result = await port({ from, to, check: true })
      expect(result.ok).to.equal(false)
      expect(result.files).to.deep.equal([
        { path: 'config/routes.ts', kind: 'routes', status: 'different', line: 4 },
        { path: 'db/schema.prisma', kind: 'schema', status: 'missing' },
      ])
      expect(formatReport(result)).to.include('different config/routes.ts:4').and.include('not what the porter writes')
      expect(existsSync(join(to, 'db/schema.prisma'))).to.equal(false)
    })
  })

  describe('when something is wrong', () => {
    it('writes nothing when one of the files is broken', async () => {
      const from = folderOf({
        'config/routes.rb': routesRb('get "a"'),
        'db/schema.rb': schemaRb('create_table "users" do |t|\n  t.string "name",\n'),
      })
      const to = folderOf({})
      expect(await rejection(port({ from, to })))
        .to.be.instanceOf(BrokenRuby)
        .with.property('message')
        .that.matches(/^db\/schema\.rb:\d+: /)
      expect(readdirSync(to)).to.deep.equal([])
    })

    it('names a model that is broken', async () => {
      const from = folderOf({ 'db/schema.rb': schemaRb(''), 'app/models/user.rb': 'class User\n  def\nend\n' })
      const error = await rejection(port({ from, to: folderOf({}), only: ['schema'] }))
      expect(error.message).to.match(/^app\/models\/user\.rb:[23]: /)
    })

    it('names a schema that is missing, and what to do when there is one in SQL', async () => {
      const from = folderOf({ 'db/structure.sql': 'CREATE TABLE a();' })
      const error = await rejection(port({ from, to: folderOf({}), only: ['schema'] }))
      expect(error).to.be.instanceOf(MissingSource)
      expect(error.message).to.match(/^db\/schema\.rb:1: .*load it into a database and run `regauge db:pull/)
    })

    it('says what it expected of a schema, with the line', async () => {
      const wrong = folderOf({ 'db/schema.rb': '\nputs 1\n' })
      expect((await rejection(port({ from: wrong, to: folderOf({}), only: ['schema'] }))).message).to.equal(
        'db/schema.rb:2: expected `ActiveRecord::Schema[…].define(version: …) do … end`, found `puts 1`.',
      )
      const computed = folderOf({ 'db/schema.rb': schemaRb('create_table "users" do |t|\n  t.string name_of_column\nend') })
      expect((await rejection(port({ from: computed, to: folderOf({}), only: ['schema'] }))).message).to.match(
        /^db\/schema\.rb:3: expected literals in create_table, found `name_of_column`/,
      )
    })

    it('leaves nothing behind when a file cannot be written', async () => {
      const to = folderOf({ db: 'a file where a folder should be\n' })
      const error = await rejection(port({ from: app(), to }))
      expect(error).to.be.instanceOf(UnwritableOutput)
      expect(error.message).to.match(/db\/schema\.prisma can't be written: a part of its path is a file/)
      expect(readdirSync(to)).to.deep.equal(['db'])
    })

    it('leaves all files as they were when one of them cannot be written', async () => {
      const [from, to] = [app(), folderOf({})]
      await port({ from, to, only: ['routes'] })
      const before = readFileSync(join(to, 'config/routes.ts'), 'utf8')
      writeFileSync(join(from, 'config/routes.rb'), routesRb('get "b"'))
      mkdirSync(join(to, 'db/schema.prisma'), { recursive: true })
      const error = await rejection(port({ from, to }))
      expect(error.message).to.match(/db\/schema\.prisma can't be written: it is a folder/)
      expect(readFileSync(join(to, 'config/routes.ts'), 'utf8')).to.equal(before)
      expect(readdirSync(join(to, 'config'))).to.deep.equal(['routes.ts'])
    })
  })

  describe('the report', () => {
    it('lists what needs a look by file and line, and counts the rest', async () => {
      const from = folderOf({ 'config/routes.rb': routesRb('get "a"\nmount Sidekiq::Web => "/jobs"\nget "b" if ENV["B"]') })
      const text = formatReport(await port({ from, to: folderOf({}), only: ['routes'] }))
      expect(text).to.match(/^written {3}config\/routes\.ts$/m)
      expect(text).to.match(/^config\/routes\.rb:3 {2}left {2}Sidekiq::Web +a Rack application/m)
      expect(text).to.match(/^config\/routes\.rb:4 {2}note {2}ENV\["B"\] +reads the environment variable B at boot$/m)
      expect(text).to.match(/^3 ported, 1 with a note, 1 left as Ruby$/m)
    })

    it('is told as JSON', async () => {
      const result = await port({ from: app(), to: folderOf({}), only: ['routes'] })
      const { ok, counts, rows } = JSON.parse(formatReport(result, { json: true }))
      expect({ ok, counts, rows }).to.deep.equal({
        ok: true,
        counts: { ported: 1, note: 0, left: 0 },
        rows: [{ kind: 'routes', file: 'config/routes.rb', line: 2, construct: 'get "a"', status: 'ported', reason: '' }],
      })
    })
  })
})
