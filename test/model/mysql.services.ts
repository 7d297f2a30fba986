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

  before(async function () {
    if (!hasDriver()) return this.skip()
    metadata = await testDatabase(schema)
    const described = { ...metadata.metadata, provider: 'mysql' as const }
    database = await openDatabase({ root: process.cwd(), url: process.env['TEST_MYSQL_URL']!, metadata: described })
    await database.execute('drop table if exists `Item`', [])
    await database.execute(
      'create table `Item` (id int primary key auto_increment, name varchar(191) unique not null, place int default 0)',
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

  it('refuse to tell of inserted rows, which MySQL does not', async () => {
    await rejection(Item.insertAll([{ name: 'z' }], { returning: ['id'] }), InvalidArgument)
    expect(await Item.exists({ name: 'z' })).to.equal(false)
  })
})
