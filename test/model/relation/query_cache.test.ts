import { expect } from 'chai'
import { subscribed } from '../../../src/notifications/index.ts'
import { modelOf, Rollback } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const Model = modelOf<{}>()
class Item extends Model('Item') {}

describe('the cache of queries', () => {
  const test = boundDatabase([Item], () => testDatabase('model Item {\n  id Int @id @default(autoincrement())\n  name String\n}'))
  beforeEach(async () => {
    await Item.deleteAll()
    await Item.createOrThrow({ name: 'a' })
    test().database.statements.length = 0
  })
  const asked = () => test().database.statements.filter((sql) => sql.startsWith('select')).length

  it('asks the same query once, and each record is one of its own', async () => {
    await Item.cache(async () => {
      const [first, again] = [await Item.firstOrThrow(), await Item.firstOrThrow()]
      first['name'] = 'changed'
      expect([again['name'], (await Item.firstOrThrow())['name'], first === again]).to.deep.equal(['a', 'a', false])
      expect([
        await Item.count(),
        await Item.count(),
        await Item.find(first['id'] as number),
        await Item.find(first['id'] as number),
      ]).to.have.length(4)
    })
    expect(asked()).to.equal(3)
  })

  it('tells queries apart by their values', async () => {
    await Item.cache(async () => {
      expect([await Item.where({ name: 'a' }).count(), await Item.where({ name: 'b' }).count()]).to.deep.equal([1, 0])
      expect(await Item.connection.selectValue('select ?', 'null')).to.equal('null')
      expect(await Item.connection.selectValue('select ?', null)).to.equal(null)
    })
  })

  it('is not there without being asked for', async () => {
    await Item.count()
    await Item.count()
    expect(asked()).to.equal(2)
  })

  it('forgets all when something is written, in any way', async () => {
    const writes = [
      () => Item.createOrThrow({ name: 'b' }),
      () => Item.updateAll({ name: 'c' }),
      () => Item.insertAll([{ name: 'd' }]),
      () => Item.connection.execute('update "Item" set name = \'e\''),
      () => Item.connection.selectAll('delete from "Item" returning id'),
    ]
    await Item.cache(async () => {
      for (const write of writes) {
        await Item.pluck('name')
        await write()
        const statements = test().database.statements.length
        await Item.pluck('name')
        expect(test().database.statements.length).to.equal(statements + 1)
      }
    })
  })

  it('forgets what a transaction wrote when it is rolled back', async () => {
    await Item.cache(async () => {
      await Item.transaction(async () => {
        await Item.createOrThrow({ name: 'b' })
        expect(await Item.count()).to.equal(2)
        throw new Rollback()
      })
      expect(await Item.count()).to.equal(1)
    })
  })

  it('keeps no answer that was asked for before something was written', async () => {
    await Item.cache(async () => {
      const counting = Item.count()
      const creating = Item.createOrThrow({ name: 'b' })
      await Promise.all([counting, creating])
      expect(await Item.count()).to.equal(2)
    })
  })

  it('can be left out, and sees what is written meanwhile', async () => {
    await Item.cache(async () => {
      await Item.count()
      expect(await Item.uncached(async () => [await Item.count(), await Item.count()])).to.deep.equal([1, 1])
      expect(asked()).to.equal(3)
      await Item.uncached(() => Item.createOrThrow({ name: 'b' }))
      expect(await Item.count()).to.equal(2)
    })
  })

  it('leaves out batches and queries that lock', async () => {
    await Item.cache(async () => {
      await Item.findEach(() => {})
      await Item.findEach(() => {})
    })
    expect(asked()).to.equal(2)
  })

  it('ends with its work', async () => {
    await Item.cache(() => Item.count())
    await Item.cache(() => Item.count())
    expect(asked()).to.equal(2)
  })

  it('tells those who listen that a query was answered by it', async () => {
    const heard: unknown[] = []
    await subscribed(
      'sql.active_record',
      ({ payload }) => heard.push([payload['name'], payload['cached'] ?? false]),
      () =>
        Item.cache(async () => {
          await Item.count()
          await Item.count()
        }),
    )
    expect(heard).to.deep.equal([
      ['Item Count', false],
      ['Item Count', true],
    ])
  })
})
