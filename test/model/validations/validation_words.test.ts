import { expect } from 'chai'
import { InvalidArgument, modelOf, range, StrictValidationFailed, useTranslations, withLocale } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Person {
  id Int @id @default(autoincrement())
  type String?
  name String?
  email String?
  price Decimal?
  boss_id Int?
  boss Person? @relation("bosses", fields: [boss_id], references: [id])
  people Person[] @relation("bosses")
  pets Pet[]
}
model Pet {
  id Int @id @default(autoincrement())
  title String?
  person_id Int?
  person Person? @relation(fields: [person_id], references: [id])
}
model Seat {
  row Int
  place Int
  name String?
  @@id([row, place])
}
`
const Model = modelOf<{}>()
class TooShort extends Error {}
class Person extends Model('Person') {
  declare id: number
  declare name: string | null
  declare boss: unknown
  static {
    this.belongsTo('boss', { className: 'Person', optional: true })
    this.hasMany('pets', { autosave: true, validate: false })
    this.validates('name', { inclusion: { in: range('a', 'z') }, on: 'letters' })
    this.validates('price', { inclusion: [1.5, 2], on: 'prices' })
    this.validates('terms', { acceptance: { allowNil: false }, on: 'terms' })
    this.validates('boss', 'pets', { presence: true, on: 'present' })
    this.validates('pets', { absence: true, on: 'absent' })
    this.validates('pets', { length: { minimum: 1 }, on: 'long' })
    this.validatesAssociated('pets', { on: ['printing', 'associated'] })
    this.validates('email', { presence: true, on: 'strictly' })
    this.validates('name', { length: { minimum: 3 }, strict: TooShort, on: 'strictly' })
    this.validatesOrThrow('email', { presence: true, on: 'thrown' })
  }
}
class Boss extends Person {
  static {
    this.validates('name', { uniqueness: true })
  }
}
class Pet extends Model('Pet') {
  declare title: string | null
  static {
    this.belongsTo('person', { optional: true })
    this.validates('title', { presence: true })
    this.validates('title', { length: { minimum: 3 }, on: 'printing' })
  }
}
class Seat extends Model('Seat') {
  declare name: string | null
  static {
    this.validates('name', { uniqueness: true })
  }
}

describe('validations', () => {
  boundDatabase([Person, Boss, Pet, Seat], () => testDatabase(schema))
  const wrong = async (person: Person, context: string) => {
    await person.isValid(context)
    return person.errors.fullMessages
  }

  it('compare numbers of any kind by their value, and texts of a range by their length too', async () => {
    expect(await wrong(new Person({ name: 'bb' }), 'letters')).to.deep.equal(['Name is not included in the list'])
    expect(await wrong(new Person({ name: 'b' }), 'letters')).to.deep.equal([])
    expect(await wrong(new Person({ price: '1.50' }), 'prices')).to.deep.equal([])
    expect(await wrong(new Person({ price: '1.51' }), 'prices')).to.deep.equal(['Price is not included in the list'])
  })

  it('want what must be accepted where nothing is no answer', async () => {
    expect(await wrong(new Person(), 'terms')).to.deep.equal(['Terms must be accepted'])
  })

  it('count no records that are going to be destroyed', async () => {
    const pet = new Pet({ title: 'abc' })
    const boss = new Person()
    const person = new Person({ boss, pets: [pet] })
    expect(await wrong(person, 'present')).to.deep.equal([])
    pet.markForDestruction()
    boss.markForDestruction()
    expect(await wrong(person, 'present')).to.deep.equal(["Boss can't be blank", "Pets can't be blank"])
    expect(await wrong(person, 'long')).to.deep.equal(['Pets is too short (minimum is 1 character)'])
    expect(await wrong(person, 'absent')).to.deep.equal([])
    pet.title = null
    expect(await wrong(person, 'associated')).to.deep.equal([])
  })

  it('of associated records run in a context of the application’s own', async () => {
    const person = new Person({ pets: [new Pet({ title: 'a' })] })
    expect(await wrong(person, 'associated')).to.deep.equal([])
    expect(await wrong(person, 'printing')).to.deep.equal(['Pets is invalid'])
  })

  it('throw an error of the class that strict says, and leave it out of the errors', async () => {
    const person = new Person({ name: 'a' })
    const error = await rejection(person.isValid('strictly'), TooShort)
    expect(error.message).to.equal('Name is too short (minimum is 3 characters)')
    expect(person.errors.fullMessages).to.deep.equal(["Email can't be blank"])
    await rejection(person.isValid('thrown'), StrictValidationFailed)
  })

  describe('of uniqueness', () => {
    it('that a class below declares are about its rows', async () => {
      await Person.createOrThrow({ name: 'Ann' })
      await Boss.createOrThrow({ name: 'Ann' })
      const second = new Boss({ name: 'Ann' })
      expect([await second.isValid(), second.errors.fullMessages]).to.deep.equal([false, ['Name has already been taken']])
    })

    it('know rows by composite keys, and by the key that a record had', async () => {
      const seat = await Seat.createOrThrow({ row: 1, place: 1, name: 'x' })
      expect(await new Seat({ row: 1, place: 2, name: 'x' }).isValid()).to.equal(false)
      seat['place'] = 3
      seat.name = 'x'
      expect(await seat.isValid()).to.equal(true)
    })
  })

  it('are listed', () => {
    expect(Boss.validatorsOn('name').map(({ kind }) => kind)).to.deep.equal(['inclusion', 'length', 'uniqueness'])
    expect(Pet.validators.map(({ kind, attributes }) => [kind, ...attributes])).to.deep.equal([
      ['presence', 'title'],
      ['length', 'title'],
    ])
    expect(() => Pet.validates('title')).to.throw(InvalidArgument, 'at least one rule')
  })

  describe('errors', () => {
    const person = () => new Person({ name: 'x' })

    it('are merged, copied, said once and grouped', () => {
      const [one, other] = [person().errors, person().errors]
      one.add('name', 'blank')
      other.add('email', 'too_short', { count: 3 })
      one.merge(other)
      one.merge(one)
      expect(one.details).to.deep.equal({ name: [{ error: 'blank' }], email: [{ error: 'too_short', count: 3 }] })
      one.add('name', 'blank')
      expect(Object.keys(one.groupByAttribute)).to.deep.equal(['name', 'email'])
      expect([one.objects.length, one.groupByAttribute['name']!.length]).to.deep.equal([3, 2])
      one.uniq()
      expect(one.size).to.equal(2)
      one.copy(other)
      expect(one.fullMessages).to.deep.equal(['Email is too short (minimum is 3 characters)'])
      one.import([...other][0]!, { attribute: 'name' })
      expect(one.fullMessagesFor('name')).to.deep.equal(['Name is too short (minimum is 3 characters)'])
    })

    it('are told apart by their options', () => {
      const { errors } = person()
      const first = errors.add('name', 'too_short', { count: 3 })
      errors.add('name', 'too_short', { count: 4 })
      expect([first.matches('name', 'too_short'), first.strictlyMatches('name', 'too_short'), first.equals(first)]).to.deep.equal([
        true,
        false,
        true,
      ])
      expect(errors.delete('name', 'too_short', { count: 4 })).to.deep.equal(['is too short (minimum is 4 characters)'])
      expect(errors.size).to.equal(1)
    })

    it('have messages that functions make, and texts that stay as they are', () => {
      const { errors } = person()
      errors.add('name', (record: Person, { count }: { count: number }) => `of ${record.name} is wrong ${count} times`, { count: 2 })
      errors.add('name', 'is %{value}')
      expect(errors.fullMessages).to.deep.equal(['Name of x is wrong 2 times', 'Name is %{value}'])
      expect(errors.fullMessage('name', 'odd')).to.equal('Name odd')
    })

    it('tell functions that make messages what Rails tells them', () => {
      const { errors } = person()
      errors.add('name', 'too_short', { count: 3, if: () => true, message: (_: Person, data: object) => JSON.stringify(data) })
      expect(JSON.parse(errors.get('name')[0]!)).to.deep.equal({ attribute: 'Name', model: 'Person', value: 'x', count: 3 })
    })

    it('have a message of their own for none where a language has one', () => {
      useTranslations({
        defaultLocale: 'en',
        texts: { xx: { errors: { messages: { few: { zero: 'keine', one: 'eins', other: '%{count}' } } } } },
      })
      try {
        const said = withLocale('xx', () => [0, 1, 2].map((count) => person().errors.add('name', 'few', { count }).message))
        expect(said).to.deep.equal(['keine', 'eins', '2'])
      } finally {
        useTranslations(undefined)
      }
    })
  })
})
