import { expect } from 'chai'
import { bindModels, modelOf, useTranslations } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Person {
  id    Int     @id @default(autoincrement())
  name  String?
  email String?
}
`
const person = {
  name: 'Full name',
  email: { one: 'Mail', other: 'Mails' },
}
const texts = {
  en: {
    activerecord: {
      models: { person: { zero: 'Nobody', one: 'Human', other: 'Humans' } },
      attributes: { person, 'person/address': { street: 'Road' } },
      errors: {
        models: {
          person: { format: 'PF %{attribute}: %{message}', attributes: { name: { format: 'NF %{message}', blank: 'is needed' } } },
          'person/pets': { format: 'Pet: %{attribute} %{message}', attributes: { title: { format: 'Its title %{message}' } } },
        },
      },
    },
    attributes: { shoe: 'Boot' },
  },
}

// What Rails 7.2 says to the same texts.
describe('the names that people are told', () => {
  const Model = modelOf<{}>()
  class Person extends Model('Person') {
    static {
      this.validates('name', { presence: true, length: { minimum: 3 } })
      this.validates('email', { presence: true, if: () => true })
      this.validate((record) => void record.errors.add('base', 'no'))
    }
  }
  class Admin extends Person {
    static {
      this.validates('name', { format: { with: /x/ } })
    }
  }
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Person, Admin], test.database, test.metadata)
  })
  beforeEach(() => useTranslations({ texts, defaultLocale: 'en' }))
  after(async () => {
    useTranslations(undefined)
    await test.close()
  })

  it('of models are those of one, or of several', () => {
    const { modelName } = Person
    expect([modelName.human(), modelName.human({ count: 2 }), modelName.human({ count: 0 })]).to.deep.equal(['Human', 'Humans', 'Nobody'])
    expect([Admin.modelName.human({ count: 2 }), Admin.modelName.human({ default: 'X' })]).to.deep.equal(['Humans', 'Human'])
    useTranslations(undefined)
    expect([modelName.human({ count: 2 }), modelName.human({ default: 'X' })]).to.deep.equal(['Person', 'X'])
  })

  it('of attributes are those of the class and those above, of associated records, and those given', () => {
    const name = Person.humanAttributeName.bind(Person)
    expect([name('name'), name('email'), name('email', { count: 2 }), Admin.humanAttributeName('name')]).to.deep.equal([
      'Full name',
      'Mail',
      'Mails',
      'Full name',
    ])
    expect([name('nope', { default: 'Given' }), name('name', { default: 'Given' })]).to.deep.equal(['Given', 'Full name'])
    expect([name('address.street'), name('address.city'), name('shoe'), name('created_at')]).to.deep.equal([
      'Road',
      'City',
      'Boot',
      'Created at',
    ])
  })

  const sentences = async (model: typeof Person): Promise<string[]> => {
    const record = new model()
    await record.isValid()
    if (model !== Admin) for (const attribute of ['address.street', 'pets[1].name', 'pets[1].title']) record.errors.add(attribute, 'is bad')
    return record.errors.fullMessages
  }

  it('stand in front of messages, in the format for all', async () => {
    expect(await sentences(Person)).to.deep.equal([
      'Full name is needed',
      'Full name is too short (minimum is 3 characters)',
      "Mail can't be blank",
      'no',
      'Road is bad',
      'Pets[1] name is bad',
      'Pets[1] title is bad',
    ])
    useTranslations({ texts: { en: { ...texts.en, errors: { format: '%{message} (%{attribute})' } } }, defaultLocale: 'en' })
    expect((await sentences(Person))[0]).to.equal('is needed (Full name)')
  })

  it('stand in the format of the model or the attribute, where those may have one', async () => {
    useTranslations({ texts, defaultLocale: 'en', customizesFullMessages: true })
    expect(await sentences(Person)).to.deep.equal([
      'NF is needed',
      'NF is too short (minimum is 3 characters)',
      "PF Mail: can't be blank",
      'no',
      'Road is bad',
      'Pet: Pets name is bad',
      'Its title is bad',
    ])
    expect((await sentences(Admin)).at(-1)).to.equal('NF is invalid')
    expect(new Person().errors.fullMessage('name', 'msg')).to.equal('NF msg')
  })

  it('of validations tell what is declared, and nothing once a class has cleared them', async () => {
    class Guest extends Admin {}
    expect(Person.validators.map(({ kind, attributes }) => [kind, ...attributes])).to.deep.equal([
      ['presence', 'name'],
      ['length', 'name'],
      ['presence', 'email'],
    ])
    expect(Person.validatorsOn('name').map(({ kind }) => kind)).to.deep.equal(['presence', 'length'])
    expect(Admin.validatorsOn('name', 'email').map(({ kind }) => kind)).to.deep.equal(['presence', 'length', 'presence', 'format'])
    Guest.clearValidators()
    bindModels([Person, Admin, Guest], test.database, test.metadata)
    const guest = new Guest()
    expect([await guest.isValid(), Guest.validators, Admin.validators.length]).to.deep.equal([true, [], 4])
    expect(await new Admin().isValid()).to.equal(false)
    Guest.validates('email', { presence: true })
    expect(Guest.validators).to.have.lengthOf(1)
  })
})
