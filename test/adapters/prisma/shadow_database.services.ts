import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { migrate } from '../../../adapters/prisma/index.ts'
import { shadowName } from '../../../adapters/prisma/schema/shadow_database.ts'
import { sampleSchema, TemporaryApplication } from './application.ts'

const server = process.env['DATABASE_SERVER'] ?? 'postgresql://postgres@127.0.0.1:5432'

describe('the shadow of a PostgreSQL database', () => {
  const name = `regauge_shadowed_${process.pid}`
  const application = new TemporaryApplication(sampleSchema('postgresql'))
  const target = { root: application.root, url: `${server}/${name}` }
  const { pid: gone } = spawnSync(process.execPath, ['--version'])
  const left = [shadowName(gone), shadowName(gone)]
  const alive = shadowName(process.ppid)
  let client: pg.Client

  before(async () => {
    client = new pg.Client(`${server}/postgres`)
    await client.connect()
    await migrate.create({ ...target, name: 'create' })
    for (const shadow of [...left, alive]) await client.query(`create database "${shadow}"`)
  })
  after(async () => {
    for (const each of [name, ...left, alive]) await client.query(`drop database if exists "${each}" with (force)`)
    await client.end()
    application.remove()
  })

  it('is dropped by the next command when its process was killed, unless somebody uses it', async () => {
    const user = new pg.Client(`${server}/${left[1]!}`)
    await user.connect()
    const shadows = async (): Promise<string[]> => {
      const { rows } = await client.query<{ datname: string }>(`select datname from pg_database where datname like 'regauge\\_shadow\\_%'`)
      return rows.map(({ datname }) => datname).filter((each) => [...left, alive].includes(each) || each.includes(`_${process.pid}_`))
    }
    try {
      await migrate.diff(target)
      expect(await shadows()).to.have.members([left[1], alive])
    } finally {
      await user.end()
    }
    await migrate.diff(target)
    expect(await shadows()).to.deep.equal([alive])
  })
})
