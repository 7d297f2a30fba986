import { expect } from 'chai'
import { bindModels, currentLocale, modelOf, useTranslations, withLocale } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Person {
  id    Int     @id @default(autoincrement())
  name  String?
  email String?
  pets  Pet[]
}
model Pet {
  id        Int     @id @default(autoincrement())
  title     String?
  person_id Int?
  person    Person? @relation(fields: [person_id], references: [id])
}
`

const texts = {
  nb: {
    errors: { format: '%{attribute}: %{message}', messages: { blank: 'må fylles ut' } },
    activerecord: {
      models: { person: { one: 'Person på norsk', other: 'Personer' } },
      attributes: { person: { name: 'Navn' }, 'person/pets': { title: 'Dyrets navn' } },
      errors: {
        messages: { too_short: { one: 'er for kort (minst ett tegn)', other: 'er for kort (minst %{count} tegn)' } },
        models: { person: { taken: '%{model} finnes', attributes: { email: { blank: 'mangler, %{attribute} trengs' } } } },
      },
    },
  },
}

describe('texts of locale files', () => {
  const Model = modelOf<{}>()
  class Pet extends Model('Pet') {
    static {
      this.validates('title', { presence: true })
    }
  }
  class Person extends Model('Person') {
    static {
      this.hasMany('pets')
      this.acceptsNestedAttributesFor('pets')
      this.validates('name', { length: { minimum: 2 } })
      this.validates('email', { presence: true })
    }
  }
  class Customer extends Person {}
  let test: TestDatabase

  before(async () => {
    test = await testDatabase(schema)
    bindModels([Person, Pet, Customer], test.database, test.metadata)
    useTranslations({ texts, defaultLocale: 'en' })
  })
  after(async () => {
    useTranslations(undefined)
    await test.close()
  })

  const messagesOf = async (attributes: object): Promise<string[]> => {
    const person = new Customer(attributes)
    await person.isValid()
    return person.errors.fullMessages
  }

  it('are English where no language was asked for, or one without texts', async () => {
    expect(await messagesOf({ name: 'x' })).to.deep.equal(['Name is too short (minimum is 2 characters)', "Email can't be blank"])
    expect(await withLocale('de', () => messagesOf({ name: 'xx' }))).to.deep.equal(["Email can't be blank"])
    expect(await withLocale('__proto__', () => messagesOf({ name: 'xx' }))).to.deep.equal(["Email can't be blank"])
  })

  it('say what is wrong in the language asked for, with names and numbers, in classes below too', async () => {
    expect(await withLocale('nb', () => messagesOf({ name: 'x' }))).to.deep.equal([
      'Navn: er for kort (minst 2 tegn)',
      'Email: mangler, Email trengs',
    ])
  })

  it('name the attributes of associated records', async () => {
    const messages = await withLocale('nb', () => messagesOf({ name: 'xx', email: 'x', pets_attributes: [{ title: '' }] }))
    expect(messages).to.deep.equal(['Dyrets navn: må fylles ut'])
  })

  it('name models and attributes', () => {
    withLocale('nb', () => {
      expect([Person.modelName.human(), Person.humanAttributeName('name'), Person.humanAttributeName('zip_code')]).to.deep.equal([
        'Person på norsk',
        'Navn',
        'Zip code',
      ])
      expect(currentLocale()).to.equal('nb')
    })
    expect([Person.modelName.human(), currentLocale()]).to.deep.equal(['Person', 'en'])
  })

  it('fill the name of the model in', async () => {
    await withLocale('nb', () => {
      const person = new Person()
      person.errors.add('name', 'taken')
      expect(person.errors.fullMessages).to.deep.equal(['Navn: Person på norsk finnes'])
    })
  })
})
