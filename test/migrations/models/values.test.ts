import { expect } from 'chai'
import { portedModels } from './ported_models.ts'
import { modelRb, removeFolders, schemaRb } from '../rails_app.ts'

const schema = schemaRb(`create_table "posts" do |t|
t.string "title"
t.integer "price_cents"
t.string "price_currency"
t.text "tags"
end
create_table "comments" do |t|
t.bigint "post_id"
t.string "text"
end`)

async function post(body: string, others: Record<string, string> = {}) {
  const { textOf, rows } = await portedModels({ 'db/schema.rb': schema, 'app/models/post.rb': modelRb('Post', body), ...others })
  return { text: textOf('app/models/post.ts'), looks: rows.filter(({ status }) => status !== 'ported') }
}

const money = {
  'app/models/money.rb':
    'class Money\n  attr_reader :cents, :currency\n  def initialize(cents, currency)\n    @cents = cents\n    @currency = currency\n  end\nend\n',
}

describe('values and collections of ported models', () => {
  afterEach(removeFolders)

  it('makes a value of columns where it is read, and takes it apart where it is written', async () => {
    const macro = "composed_of :price, class_name: 'Money', mapping: { price_cents: :cents, price_currency: :currency }"
    const { text, looks } = await post(`${macro}\ndef a = price.cents`, money)
    expect(text)
      .to.match(/get price\(\): Money \{\n {4}return new Money\(this\.price_cents, this\.price_currency\)/)
      .and.match(/set price\(value: Money\) \{\n {4}this\.price_cents = \(value as Untyped\)\.cents\n {4}this\.price_currency = /)
      .and.include('return this.price.cents')
    expect(looks).to.deep.equal([])
    const pairs = 'composed_of :price, class_name: "Money", mapping: [%w[price_cents cents], %w[price_currency currency]]'
    expect((await post(pairs, money)).text).to.include('new Money(this.price_cents, this.price_currency)')
  })

  it('leaves a value that is made by a function', async () => {
    const { looks } = await post("composed_of :price, class_name: 'Money', constructor: ->(cents) { Money.new(cents, 'EUR') }", money)
    expect(looks.map(({ status, reason }) => [status, reason])).to.deep.equal([['left', 'the option constructor']])
  })

  it('says what a serialized attribute is, and notes where Rails has YAML', async () => {
    const named = await post('serialize :tags, type: Array, coder: JSON')
    expect(named.text).to.include("this.serialize('tags', { type: Array })")
    expect(named.looks).to.deep.equal([])
    const { text, looks } = await post('serialize :tags, type: Hash')
    expect(text).to.include("this.serialize('tags', { type: Object })")
    expect(looks[0]!.reason).to.include('Rails keeps it as YAML')
  })

  it('lets the methods of a collection call each other, and ask for its owner', async () => {
    const block = `has_many :comments do
  def add(text) = create!(text: text, post_id: proxy_association.owner.id)
  def add_all(texts) = texts.each { |text| add(text) }
end`
    const comment = { 'app/models/comment.rb': 'class Comment < ApplicationRecord\nend\n' }
    const { text, looks } = await post(block, comment)
    expect(text).to.include('(this as Untyped).owner.id').and.include('await (this as Untyped).add(text)')
    expect(looks).to.deep.equal([])
  })
})
