import { expect } from 'chai'
import { AbstractModel, modelOf, StrictLoadingViolation } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Animal {
  id Int @id @default(autoincrement())
  type String?
  name String?
  visits Visit[]
  updated_at DateTime?
}
model Visit {
  id Int @id @default(autoincrement())
  animal_id Int?
  animal Animal? @relation(fields: [animal_id], references: [id])
}
`
const Model = modelOf<{}>()
const seen: unknown[] = []
const long = new Date(0)

class Animal extends Model('Animal') {
  declare id: number
  declare type: string | null
  declare name: string | null
  declare updated_at: Date
  declare visits: PromiseLike<Visit[]>
  static {
    this.hasMany('visits')
    this.validates('name', { presence: true })
    this.afterInitialize((animal) => seen.push([animal.constructor.name, animal.name, animal.id, animal.isNewRecord()]))
  }
}
class Dog extends Animal {
  static strictLoadingByDefault = true
}
class Puppy extends Dog {}
class Cat extends Animal {
  static override get stiName() {
    return 'Pets::Cat'
  }
}
class Visit extends Model('Visit') {
  static {
    this.belongsTo('animal', { optional: true, touch: true })
  }
}

describe('classes of models', () => {
  boundDatabase([Animal, Dog, Puppy, Cat, Visit], () => testDatabase(schema))
  beforeEach(async () => {
    await Visit.deleteAll()
    await Animal.deleteAll()
    seen.length = 0
  })
  const old = async (): Promise<Animal> => {
    const animal = await Animal.createOrThrow({ name: 'a' })
    await animal.updateColumns({ updated_at: long })
    return animal
  }
  const isTouched = async (animal: Animal): Promise<boolean> => (await animal.reload()).updated_at.getTime() > 0

  it('say which class has the table, and what the type column calls them', async () => {
    expect([Puppy.baseClass, Animal.baseClass, Puppy.isBaseClass(), Animal.isBaseClass()]).to.deep.equal([Animal, Animal, false, true])
    expect([Animal.stiName, Puppy.stiName, Cat.stiName, Animal.polymorphicName]).to.deep.equal(['Animal', 'Puppy', 'Pets::Cat', 'Animal'])
    const cat = await Cat.createOrThrow({ name: 'Tom' })
    expect([cat.type, (await Animal.find(cat.id)).constructor, await Cat.count(), await Dog.count()]).to.deep.equal([
      'Pets::Cat',
      Cat,
      1,
      0,
    ])
    const animal = await Animal.createOrThrow({ name: 'b' })
    expect([animal.becomesOrThrow(Cat).type, animal.type, new Animal({ type: 'Pets::Cat' }).constructor]).to.deep.equal([
      'Pets::Cat',
      'Pets::Cat',
      Cat,
    ])
  })

  it('load strictly by default where they say so, and those below them', async () => {
    const dog = await Dog.createOrThrow({ name: 'Rex' })
    const puppy = await Puppy.createOrThrow({ name: 'Bo' })
    expect([new Dog(), new Puppy(), new Animal()].map((each) => each.isStrictLoading())).to.deep.equal([true, true, false])
    expect((await Animal.order('id')).map((each) => each.isStrictLoading())).to.deep.equal([true, true])
    for (const record of [dog, await Dog.find(dog.id), await Animal.find(puppy.id)])
      await rejection(Promise.resolve(record.visits), StrictLoadingViolation)
    expect((await Dog.find(dog.id)).strictLoading(false).isStrictLoading()).to.equal(false)
  })

  it('see the values of a copy in afterInitialize, and none for a clone', async () => {
    const animal = await Animal.createOrThrow({ name: 'a' })
    seen.length = 0
    const copy = animal.dup()
    expect([seen, copy.isNewRecord(), copy.name]).to.deep.equal([[['Animal', 'a', null, false]], true, 'a'])
    new Animal({ name: 'n' }).dup()
    expect(seen.slice(1)).to.deep.equal([
      ['Animal', 'n', null, true],
      ['Animal', 'n', null, true],
    ])
    seen.length = 0
    const dog = animal.becomes(Dog)
    animal.clone()
    expect([seen, dog.name]).to.deep.equal([[['Dog', 'a', animal.id, false]], 'a'])
  })

  it('are suppressed, exactly they, for a piece of work', async () => {
    const animal = await Animal.createOrThrow({ name: 'a' })
    const made = await Animal.suppress(async () => {
      const records = [await Animal.create({ name: 'b' }), await Animal.createOrThrow(), await Dog.create({ name: 'c' })]
      await Animal.suppress(async () => {})
      return [...records.map((record) => record.isPersisted()), await new Animal().save(), await animal.update({ name: 'z' })]
    })
    expect(made).to.deep.equal([false, false, true, true, true])
    expect([animal.changed, await Animal.order('id').pluck('name')]).to.deep.equal([['name'], ['a', 'c']])
    await Animal.suppress(() => animal.destroy())
    expect(await Animal.count()).to.equal(1)
    expect((await Animal.create({ name: 'd' })).isPersisted()).to.equal(true)
  })

  it('aren’t touched for a piece of work, all of them or one with those below it', async () => {
    const animal = await old()
    const answers = await AbstractModel.noTouching(async () => {
      await Animal.noTouching(() => animal.touch())
      await Visit.createOrThrow({ animal })
      return [await animal.touch(), animal.isNoTouching()]
    })
    expect([answers, await isTouched(animal), animal.isNoTouching()]).to.deep.equal([[false, true], false, false])
    await Dog.noTouching(() => animal.touch())
    expect(await isTouched(animal)).to.equal(true)
    const other = await old()
    await Animal.noTouching(() => Promise.all([other.becomes(Dog).touch(), Visit.createOrThrow({ animal: other })]))
    expect(await isTouched(other)).to.equal(false)
    await Animal.noTouching(() => other.updateOrThrow({ name: 'b' }))
    expect(await isTouched(other)).to.equal(true)
  })
})
