import { expect } from 'chai'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drop, push, readDatabase } from '../../adapters/prisma/index.ts'
import { portSchema, pullSchema } from '../../migrations/index.ts'
import { repository } from '../application/folder.ts'
import { describeDatabase } from './catalogue.ts'

const schemas = join(repository, 'test/services/schemas')

/** Each folder holds a `db/schema.rb` with what Rails can say, and in `recorded.json` what the database said that Rails 7.2 made of it. */
const databases = [
  { provider: 'postgresql', variable: 'TEST_POSTGRES_URL' },
  { provider: 'mysql', variable: 'TEST_MYSQL_URL' },
  { provider: 'sqlite', variable: undefined },
] as const

for (const { provider, variable } of databases) {
  describe(`A schema of Rails on ${provider}`, () => {
    const root = mkdtempSync(join(tmpdir(), 'regauge-schema-'))
    const recorded = JSON.parse(readFileSync(join(schemas, provider, 'recorded.json'), 'utf8')) as string[]
    let target: { root: string; url: string }

    before(function () {
      const server = variable === undefined ? undefined : process.env[variable]
      if (variable !== undefined && server === undefined) return this.skip()
      target = { root, url: server === undefined ? 'file:test.sqlite3' : ownDatabase(server) }
      write(portSchema(join(schemas, provider), provider).files)
    })
    after(async () => {
      if (target !== undefined) await drop(target)
      rmSync(root, { recursive: true, force: true })
    })

    const write = (files: readonly { path: string; text: string }[]) => {
      rmSync(join(root, 'db'), { recursive: true, force: true })
      mkdirSync(join(root, 'db'))
      for (const { path, text } of files) writeFileSync(join(root, path), text)
    }
    const described = () => readDatabase(target, describeDatabase)

    it('makes the database that Rails makes, when it is ported and pushed', async () => {
      await push(target)
      expect(await described()).to.deep.equal(recorded)
    })

    it('has nothing to push a second time', async () => {
      expect(await push({ ...target, force: true })).to.include({ changed: false, steps: 0 })
      expect(await described()).to.deep.equal(recorded)
    })

    it('is pulled from that database, to make it again', async () => {
      const { files } = await readDatabase(target, ({ query }) => pullSchema({ provider, query }))
      await drop(target)
      write(files)
      await push(target)
      expect(await described()).to.deep.equal(recorded)
    })
  })
}

function ownDatabase(server: string): string {
  const url = new URL(server)
  url.pathname = `/regauge_schema_${process.pid}`
  return url.href
}
