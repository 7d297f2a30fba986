import { expect } from 'chai'
import { createRequire } from 'node:module'
import { bindModels, InvalidArgument, modelOf } from '../../src/model/index.ts'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Item {
  id    Int    @id @default(autoincrement())
  name  String @unique
  place Int    @default(0)
  filled DateTime? @default(now())
}
`

class Item extends modelOf<{}>()('Item') {
  declare name: string
}

/** The driver is an optional package: without it, or without a server, there is nothing to try. */
function hasDriver(): boolean {
  try {
    createRequire(`${process.cwd()}/package.json`).resolve('@prisma/adapter-mariadb')
    return process.env['TEST_MYSQL_URL'] !== undefined
  } catch {
    return false
  }
}

describe('models on MySQL', () => {
  let metadata: TestDatabase
  let database: Awaited<ReturnType<typeof openDatabase>>
  let described: TestDatabase['metadata']

  before(async function () {
    if (!hasDriver()) return this.skip()
    metadata = await testDatabase(schema)
    described = { ...metadata.metadata, provider: 'mysql' as const }
    database = await openDatabase({ root: process.cwd(), url: process.env['TEST_MYSQL_URL']!, metadata: described })
    await database.execute('drop table if exists `Item`', [])
    await database.execute(
      'create table `Item` (id int primary key auto_increment, name varchar(191) unique not null, place int default 0, filled datetime(3) default now(3))',
      [],
    )
    bindModels([Item], database, described)
  })
  after(async () => {
    await database?.close()
    await metadata?.close()
  })

  it('give new records their keys', async () => {
    const [one, two] = await Item.createOrThrow([{ name: 'a' }, { name: 'b' }])
    expect([one!['id'], two!['id']]).to.deep.equal([1, 2])
    const inside = await Item.transaction(() => Item.createOrThrow({ name: 'c' }))
    expect(inside!['id']).to.equal(3)
  })

  it('write and delete the rows of a limited relation', async () => {
    expect(await Item.order('id').limit(2).updateAll({ place: 7 })).to.equal(2)
    expect(await Item.order({ id: 'desc' }).limit(1).deleteAll()).to.equal(1)
    expect(await Item.order('id').pluck('name', 'place')).to.deep.equal([
      ['a', 7],
      ['b', 7],
    ])
  })

  it('upsert rows that have nothing beside what is unique', async () => {
    await Item.upsertAll([{ name: 'a' }, { name: 'd' }], { uniqueBy: 'name' })
    expect(await Item.order('name').pluck('name')).to.deep.equal(['a', 'b', 'd'])
  })

  it('tell of inserted rows on MariaDB, and of what the database filled in', async function () {
    if (!database.hasReturning) return this.skip() // the server is MySQL
    const { rows } = await Item.insertAll([{ name: 'a' }, { name: 'x' }, { name: 'y' }], { returning: 'name' })
    expect(rows).to.deep.equal([['x'], ['y']])
    const upserted = await Item.upsertAll([{ name: 'x', place: 3 }], { uniqueBy: 'name', returning: ['name', 'place'] })
    expect(upserted.rows).to.deep.equal([['x', 3]])
    expect((await Item.insert({ name: 'v' })).columns).to.deep.equal(['id'])
    expect((await Item.createOrThrow({ name: 'w' }))['filled']).to.be.an.instanceOf(Date)
  })

  it('refuse to tell of inserted rows on MySQL, which does not', async () => {
    const quiet = new Proxy(database, {
      get(target, name) {
        const value: unknown = name === 'hasReturning' ? false : Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    bindModels([Item], quiet, described)
    try {
      await rejection(Item.insertAll([{ name: 'z' }], { returning: ['id'] }), InvalidArgument)
      expect(await Item.exists({ name: 'z' })).to.equal(false)
      expect((await Item.insertAll([{ name: 'z' }])).rows).to.deep.equal([])
      expect((await Item.createOrThrow({ name: 'zz' }))['id']).to.be.a('number')
    } finally {
      bindModels([Item], database, described)
    }
  })
})
