import { join } from 'node:path'
import { expect } from 'chai'
import {
  camelize,
  classify,
  constantName,
  foreignKey,
  humanize,
  inflections,
  Inflections,
  ordinalize,
  parameterize,
  pluralize,
  singularize,
  tableize,
  titleize,
  underscore,
} from '../../src/naming/index.ts'
import { runGolden } from '../goldens/outcome.ts'

describe('Inflection', () => {
  it('agrees with Rails on every recorded word but for the listed differences', async () => {
    const outcome = await runGolden(join(import.meta.dirname, '../goldens/rails/inflector.json.gz'))
    expect(outcome.failures).to.deep.equal([])
    expect(outcome.stale).to.deep.equal([])
    expect(outcome.passed).to.equal(2079)
  })

  describe('of numbers', () => {
    it('makes plurals by the end of the word', () => {
      expect(['article', 'person', 'order_item', 'brown rice', 'Category'].map((word) => pluralize(word))).to.deep.equal([
        'articles',
        'people',
        'order_items',
        'brown rice',
        'Categories',
      ])
    })

    it('leaves the word alone for a count of one', () => {
      expect([pluralize('post', 1), pluralize('post', 0), pluralize('post', 2)]).to.deep.equal(['post', 'posts', 'posts'])
    })

    it('makes singulars', () => {
      expect(['people', 'statuses', 'news', 'analyses'].map((word) => singularize(word))).to.deep.equal([
        'person',
        'status',
        'news',
        'analysis',
      ])
    })

    it('writes ordinal numbers', () => {
      expect([1, 2, 3, 4, 11, 12, 13, 21, 111, -1].map(ordinalize)).to.deep.equal([
        '1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '111th', '-1st',
      ]) // biome-ignore format: one list
    })
  })

  describe('of names', () => {
    it('goes from paths to class names and back', () => {
      expect(camelize('api/line_items_controller')).to.equal('Api::LineItemsController')
      expect(camelize('line_item', 'lower')).to.equal('lineItem')
      expect(underscore('Api::LineItem')).to.equal('api/line_item')
    })

    it('goes from tables to class names and back', () => {
      expect(classify('public.order_items')).to.equal('OrderItem')
      expect(tableize('OrderItem')).to.equal('order_items')
    })

    it('names foreign keys without the modules', () => {
      expect(foreignKey('Admin::User')).to.equal('user_id')
    })

    it('joins modules in the names of TypeScript classes', () => {
      expect(constantName('api/articles_controller')).to.equal('ApiArticlesController')
      expect(constantName('Api::ArticlesController')).to.equal('ApiArticlesController')
    })
  })

  describe('of texts', () => {
    it('writes attribute names for people', () => {
      expect(humanize('author_id')).to.equal('Author')
      expect(humanize('author_id', { keepIdSuffix: true })).to.equal('Author id')
      expect(titleize('raiders_of_the_lost_ark')).to.equal('Raiders Of The Lost Ark')
    })

    it('makes slugs of any Latin text', () => {
      expect(parameterize('Crème Brûlée à la Ærøskøbing!')).to.equal('creme-brulee-a-la-aeroskobing')
      expect(parameterize('Hello World', { separator: '_', preserveCase: true })).to.equal('Hello_World')
    })
  })

  describe("of an application's own words", () => {
    afterEach(() => inflections.clear('acronyms'))

    it('keeps the capitals of acronyms', () => {
      inflections.acronym('API')
      expect(camelize('api/graphql_api')).to.equal('API::GraphqlAPI')
      expect(underscore('APIController')).to.equal('api_controller')
      expect(humanize('api_key')).to.equal('API key')
    })

    it('takes rules for another language', () => {
      const norwegian = new Inflections()
      norwegian.plural(/$/, 'er')
      norwegian.irregular('mann', 'menn')
      norwegian.uncountable('penger')
      expect(['bil', 'mann', 'penger'].map((word) => pluralize(word, 2, norwegian))).to.deep.equal(['biler', 'menn', 'penger'])
    })

    it('makes a word countable again when a rule is given for it', () => {
      const rules = new Inflections()
      rules.uncountable('fish')
      rules.irregular('fish', 'fishes')
      expect(pluralize('fish', 2, rules)).to.equal('fishes')
    })
  })
})
