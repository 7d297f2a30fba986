import { expect } from 'chai'
import { bindModels, modelOf, UnknownColumn } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Product {
  id       Int     @id @default(autoincrement())
  name     String?
  cents    Int     @default(0)
  tags     String?
  settings String?
  options  Json?
  email    String?
}
`

class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
}

const Model = modelOf<{}>()
let codes = 0
class Product extends Model('Product') {
  static {
    this.attribute('cents', {
      cast: (value) => (value instanceof Money ? value : new Money(Math.round(Number(value) * 100))),
      serialize: (money: Money) => money.cents,
      deserialize: (cents) => new Money(Number(cents)),
    })
    this.attribute('name', { default: () => `product ${++codes}` })
    this.attribute('accepted', 'boolean', { default: false })
    this.aliasAttribute('title', 'name')
    this.serialize('tags')
    this.store('settings', { accessors: ['color', 'size'], prefix: true })
    this.storeAccessor('options', 'weight')
    this.normalizes('email', { with: (email) => String(email).trim().toLowerCase() })
  }
}

describe('attributes', () => {
  const test = boundDatabase([Product], () => testDatabase(schema))

  it('of a type of their own are cast, saved, found and compared', async () => {
    const product = await Product.createOrThrow({ cents: '12.5' })
    const found = await Product.find(product['id'] as number)
    expect(found['cents']).to.be.instanceOf(Money).and.deep.equal(new Money(1250))
    found['cents'] = new Money(1250)
    expect(found.isChanged()).to.equal(false)
    found['cents'] = 13
    expect(found.changes['cents']).to.deep.equal([new Money(1250), new Money(1300)])
    await found.saveOrThrow()
    expect(await Product.where({ cents: new Money(1300) }).count()).to.equal(1)
    expect(await Product.pluck('cents')).to.deep.equal([new Money(1300)])
  })

  it('have defaults, made for each record', () => {
    const [one, other] = [new Product(), new Product()]
    expect(one['name']).not.to.equal(other['name'])
    expect(new Product({ name: 'given' })['name']).to.equal('given')
  })

  it('without a column are cast too', () => {
    const product = new Product({ accepted: '1' })
    expect([product['accepted'], new Product()['accepted']]).to.deep.equal([true, false])
  })

  it('have other names in records and in queries', async () => {
    const product = await Product.createOrThrow({ title: 'aliased' })
    expect([product['name'], product['title']]).to.deep.equal(['aliased', 'aliased'])
    expect(await Product.where({ title: 'aliased' }).order('title').pluck('title')).to.deep.equal(['aliased'])
    class Wrong extends Model('Product') {
      static {
        this.aliasAttribute('heading', 'nam')
      }
    }
    bindModels([Wrong], test().database, test().metadata)
    expect(() => new Wrong()).to.throw(UnknownColumn, 'name')
  })

  it('that are serialized hold any value, and notice changes inside of it', async () => {
    const { id } = await Product.createOrThrow({ tags: ['a', { b: 1 }] })
    const product = await Product.find(id as number)
    expect(product['tags']).to.deep.equal(['a', { b: 1 }])
    expect(product.isChanged()).to.equal(false)
    ;(product['tags'] as unknown[]).push('c')
    expect(product.changed).to.deep.equal(['tags'])
    await product.saveOrThrow()
    expect((await Product.find(id as number))['tags']).to.deep.equal(['a', { b: 1 }, 'c'])
  })

  it('are kept inside of others', async () => {
    const { id } = await Product.createOrThrow({ settings_color: 'red', weight: 3 })
    const product = await Product.find(id as number)
    expect([product['settings_color'], product['settings_size'], product['weight']]).to.deep.equal(['red', null, 3])
    product['settings_size'] = 'L'
    expect(product.changed).to.deep.equal(['settings'])
    await product.saveOrThrow()
    expect((await Product.find(id as number))['settings']).to.deep.equal({ color: 'red', size: 'L' })
  })

  it('are normalized without a record', () => {
    expect(Product.normalizeValueFor('email', ' Ann@Example.com ')).to.equal('ann@example.com')
  })
})
