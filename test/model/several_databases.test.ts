import { expect } from 'chai'
import { afterCommit } from '../../src/context/index.ts'
import { Job } from '../../src/jobs/index.ts'
import {
  AbstractModel,
  AbstractModelUsed,
  bindModels,
  ConnectionNotEstablished,
  connectedTo,
  InvalidArgument,
  modelOf,
  Rollback,
  UnknownDatabase,
  useDatabases,
  whilePreventingWrites,
  WriteRefused,
} from '../../src/model/index.ts'
import { JobStage } from '../jobs/job_stage.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const people = `model Person {
  id   Int    @id @default(autoincrement())
  name String
}`
const animals = `model Dog {
  id       Int    @id @default(autoincrement())
  name     String
  owner_id Int?
}`

interface People {
  types: { model: { Person: { payload: { name: 'Person'; objects: {}; scalars: { id: number; name: string } } } } }
  models: { Person: Person }
}
interface Animals {
  types: { model: { Dog: { payload: { name: 'Dog'; objects: {}; scalars: { id: number; name: string; owner_id: number | null } } } } }
  models: { Dog: Dog }
}

class Person extends modelOf<People>()('Person') {}

class AnimalsRecord extends AbstractModel<Animals> {
  static {
    this.connectsTo({
      shards: {
        default: { writing: 'animals', reading: 'animals_replica' },
        second: { writing: 'more_animals', reading: 'more_animals' },
      },
    })
  }
  static tagged(): string {
    return `tagged ${this.name}`
  }
  tag(): string {
    return `${this.constructor.name}!`
  }
}
class Dog extends modelOf(AnimalsRecord)('Dog') {
  static {
    this.validates('name', { presence: true })
  }
}

describe('several databases', () => {
  let main: TestDatabase
  let replica: TestDatabase
  let dogs: TestDatabase
  let dogsReplica: TestDatabase
  let moreDogs: TestDatabase
  const all = () => [main, replica, dogs, dogsReplica, moreDogs]

  before(async () => {
    ;[main, replica] = [await testDatabase(people), await testDatabase(people)]
    ;[dogs, dogsReplica, moreDogs] = [await testDatabase(animals), await testDatabase(animals), await testDatabase(animals)]
  })
  after(async () => {
    for (const each of all()) await each.close()
  })
  beforeEach(async () => {
    useDatabases(
      { primary: main, replica, animals: dogs, animals_replica: dogsReplica, more_animals: moreDogs },
      { classes: [Person, Dog], roles: { writing: 'primary', reading: 'replica' } },
    )
    for (const each of [main, replica]) await each.database.execute('delete from "Person"', [])
    for (const each of [dogs, dogsReplica, moreDogs]) await each.database.execute('delete from "Dog"', [])
    for (const each of all()) each.database.statements.length = 0
  })
  const countIn = async ({ database }: TestDatabase, table: string) =>
    (await database.query(`select count(*) from "${table}"`, [])).rows[0]![0]

  it('runs each class on the database that it, or an abstract class above it, names', async () => {
    await Person.createOrThrow({ name: 'Ann' })
    await Dog.createOrThrow({ name: 'Rex' })
    expect([await countIn(main, 'Person'), await countIn(dogs, 'Dog')]).to.deep.equal([1, 1])
    expect(replica.database.statements).to.deep.equal([])
  })

  it('gives classes the members of the abstract class above them', async () => {
    const dog = await Dog.createOrThrow({ name: 'Rex' })
    expect([Dog.tagged(), dog.tag()]).to.deep.equal(['tagged Dog', 'Dog!'])
    expect(await new Dog().isValid()).to.equal(false)
  })

  it('refuses to query an abstract class', async () => {
    expect(() => (AnimalsRecord as unknown as typeof Dog).all()).to.throw(AbstractModelUsed, 'AnimalsRecord is abstract')
  })

  it('sends what runs inside of connectedTo to the role', async () => {
    await Person.createOrThrow({ name: 'Ann' })
    const [inside, role] = await connectedTo({ role: 'reading' }, async () => [await Person.count(), Person.currentRole])
    expect([inside, role, await Person.count(), Person.currentRole]).to.deep.equal([0, 'reading', 1, 'writing'])
  })

  it('switches the databases of one class only, with its connectedTo', async () => {
    await Person.createOrThrow({ name: 'Ann' })
    await Dog.createOrThrow({ name: 'Rex' })
    const counts = async () => [await Person.count(), await Dog.count()]
    expect(await AnimalsRecord.connectedTo({ role: 'reading' }, counts)).to.deep.equal([1, 0])
    expect(await Person.connectedTo({ role: 'reading' }, counts)).to.deep.equal([0, 1])
    expect(await connectedTo({ role: 'reading' }, counts)).to.deep.equal([0, 0])
  })

  it('is back in the role around after a nested one', async () => {
    await Person.createOrThrow({ name: 'Ann' })
    const counts: number[] = []
    await connectedTo({ role: 'reading' }, async () => {
      counts.push(await connectedTo({ role: 'writing' }, () => Person.count()))
      counts.push(await Person.count())
    })
    expect(counts).to.deep.equal([1, 0])
  })

  it('keeps executions that run at the same time apart', async () => {
    await Person.createOrThrow({ name: 'Ann' })
    const counts = await Promise.all([Person.count(), connectedTo({ role: 'reading' }, () => Person.count()), Person.count()])
    expect(counts).to.deep.equal([1, 0, 1])
  })

  it('sends statements to a shard, in the role around', async () => {
    await Dog.connectedTo({ shard: 'second' }, () => Dog.createOrThrow({ name: 'Rex' }))
    expect([await countIn(dogs, 'Dog'), await countIn(moreDogs, 'Dog')]).to.deep.equal([0, 1])
    await Dog.connectedTo({ role: 'reading' }, () =>
      Dog.connectedTo({ shard: 'second' }, async () => {
        expect([Dog.currentRole, Dog.currentShard, Dog.isConnectedTo({ role: 'reading', shard: 'second' })]).to.deep.equal([
          'reading',
          'second',
          true,
        ])
        await rejection(Dog.createOrThrow({ name: 'no' }), WriteRefused)
      }),
    )
  })

  describe('writes', () => {
    it('are refused in the role reading, by any way', async () => {
      const dog = await Dog.createOrThrow({ name: 'Rex' })
      await connectedTo({ role: 'reading' }, async () => {
        await rejection(Dog.createOrThrow({ name: 'no' }), WriteRefused)
        await rejection(dog.updateOrThrow({ name: 'no' }), WriteRefused)
        await rejection(dog.destroyOrThrow(), WriteRefused)
        await rejection(Dog.updateAll({ name: 'no' }), WriteRefused)
        await rejection(Dog.deleteAll(), WriteRefused)
        await rejection(Dog.insertAll([{ name: 'no' }]), WriteRefused)
        await rejection(Dog.connection.execute('delete from "Dog"'), WriteRefused)
        await rejection(Dog.connection.selectAll('with gone as (select 1) delete from "Dog" returning id'), WriteRefused)
        await rejection(Dog.connection.selectAll('/* select */ update "Dog" set name = 1 returning id'), WriteRefused)
      })
      expect(dogsReplica.database.statements.filter((sql) => !/^select/i.test(sql))).to.deep.equal([])
    })

    it('are refused on the writing database while they are prevented, and reads are not', async () => {
      await Person.createOrThrow({ name: "delete ' me" })
      await whilePreventingWrites(async () => {
        expect(Person.isPreventingWrites()).to.equal(true)
        await rejection(Person.createOrThrow({ name: 'no' }), WriteRefused)
        expect(await Person.where({ name: "delete ' me" }).count()).to.equal(1)
        expect(await Person.connection.selectValue(`with found as (select 'delete') select count(*) from found`)).to.equal(1)
        await connectedTo({ role: 'writing' }, () => Person.createOrThrow({ name: 'yes' }))
      })
      expect(await Person.count()).to.equal(2)
    })

    it('are allowed in the role reading when that is said', async () => {
      await connectedTo({ role: 'reading', preventWrites: false }, () => Person.createOrThrow({ name: 'Ann' }))
      expect(await countIn(replica, 'Person')).to.equal(1)
    })
  })

  describe('transactions', () => {
    it('are open on their own database only', async () => {
      await rejection(
        Dog.transaction(async () => {
          await Dog.createOrThrow({ name: 'Rex' })
          await Person.createOrThrow({ name: 'Ann' })
          throw new Error('both?')
        }),
        Error,
      )
      expect([await countIn(main, 'Person'), await countIn(dogs, 'Dog')]).to.deep.equal([1, 0])
    })

    it('of an abstract class are those of the classes below it', async () => {
      await rejection(
        AnimalsRecord.transaction(async () => {
          await Dog.createOrThrow({ name: 'Rex' })
          throw new Error('no')
        }),
        Error,
      )
      expect(await Dog.count()).to.equal(0)
    })

    it('nest across databases, and find their way back', async () => {
      await Person.transaction(() =>
        Dog.transaction(async () => {
          await Person.createOrThrow({ name: 'Ann' })
          await Dog.createOrThrow({ name: 'Rex' })
        }),
      )
      expect([await Person.count(), await Dog.count()]).to.deep.equal([1, 1])
    })

    it('hold up what waits for a commit until all of them have committed, whichever commits last', async () => {
      const log: string[] = []
      const note = (line: string) => void log.push(line)
      await Person.transaction(async (people) => {
        people.afterCommit(() => note('people'))
        await Dog.transaction(async (animals) => {
          animals.afterCommit(() => note('animals'))
          await afterCommit(() => note('both'))
        })
        note('inside')
      })
      expect(log).to.deep.equal(['animals', 'inside', 'people', 'both'])
    })

    it('enqueue a job when all of them have committed, and none when one is rolled back', async () => {
      class Walk extends Job {
        perform(_name: string) {}
      }
      const stage = new JobStage()
      const walks = async () => (await stage.backend.list('waiting')).map(({ data }) => (data['arguments'] as unknown[])[0])
      for (const [outer, inner] of [
        [Person, Dog],
        [Dog, Person],
      ] as const) {
        await outer.transaction(async () => {
          await inner.transaction(async () => void (await Walk.performLater('undone')))
          throw new Rollback()
        })
        await outer.transaction(async () => {
          await inner.transaction(async () => void (await Walk.performLater(inner.name)))
          expect(await walks()).not.to.include(inner.name)
        })
        expect((await walks()).at(-1)).to.equal(inner.name)
      }
      expect(await walks()).to.deep.equal(['Dog', 'Person'])
      stage.dispose()
    })

    it('run nothing that waits for both when one is rolled back', async () => {
      const log: string[] = []
      for (const [outer, inner] of [
        [Person, Dog],
        [Dog, Person],
      ] as const) {
        await outer.transaction(async () => {
          await inner.transaction(async () => void (await afterCommit(() => void log.push('inner committed'))))
          throw new Rollback()
        })
        await outer.transaction(async (transaction) => {
          transaction.afterCommit(() => void log.push('outer'))
          await inner.transaction(async (undone) => {
            undone.afterRollback(() => void log.push('inner undone'))
            await afterCommit(() => void log.push('both'))
            throw new Rollback()
          })
        })
      }
      expect(log).to.deep.equal(['inner undone', 'outer', 'inner undone', 'outer'])
    })

    it("of the role writing aren't seen by reads that are sent to the replica", async () => {
      await Person.transaction(async () => {
        await Person.createOrThrow({ name: 'Ann' })
        expect(await connectedTo({ role: 'reading' }, () => Person.count())).to.equal(0)
        expect(await Person.count()).to.equal(1)
      })
    })
  })

  it('names the roles there are when one is missing', async () => {
    useDatabases({ primary: main, animals: dogs, animals_replica: dogsReplica, more_animals: moreDogs }, { classes: [Person, Dog] })
    const error = await rejection(
      connectedTo({ role: 'reading' }, () => Person.count()),
      ConnectionNotEstablished,
    )
    expect(error.message).to.include(
      "no database for the role 'reading' in the shard 'default' of the database primary; there are the roles writing",
    )
    expect(() => Dog.connectedTo({ shard: 'third' }, () => 1)).to.throw(ConnectionNotEstablished, 'the shards default, second')
  })

  it('refuses a connectsTo without a database to write to, and names that lead nowhere', () => {
    class Wrong extends AbstractModel {}
    expect(() => Wrong.connectsTo({ database: { reading: 'x' } })).to.throw(InvalidArgument, 'the role writing')
    class Mistyped extends modelOf<Animals>()('Dog') {
      static {
        this.connectsTo({ database: { writing: 'animal' } })
      }
    }
    expect(() => useDatabases({ primary: main, animals: dogs }, { classes: [Mistyped] })).to.throw(UnknownDatabase, 'Did you mean animals?')
    expect(() => connectedTo({}, () => 1)).to.throw(InvalidArgument)
  })

  it('lets a class name its databases itself, and be bound to others by hand', async () => {
    class Hound extends modelOf<Animals>()('Dog') {
      static {
        this.connectsTo({ database: { writing: 'more_animals' } })
      }
    }
    useDatabases({ primary: main, more_animals: moreDogs }, { classes: [Person, Hound] })
    await Hound.createOrThrow({ name: 'Rex' })
    bindModels([Hound], dogs.database, dogs.metadata)
    expect([await Hound.count(), await countIn(moreDogs, 'Dog')]).to.deep.equal([0, 1])
  })
})
