import { expect } from 'chai'
import { portRoutes, portSchema } from '../../migrations/index.ts'
import { inflections, pluralize } from '../../src/naming/index.ts'
import { folderOf, removeFolders, routesRb, schemaRb } from './rails_app.ts'

const declared = (body: string) => `ActiveSupport::Inflector.inflections(:en) do |inflect|\n${body}\nend\n`

describe('porting inflections', () => {
  afterEach(removeFolders)

  it('writes each declaration, and imports them with the routes', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('resources :media'),
      'config/initializers/inflections.rb': declared(
        'inflect.plural(/^(ox)$/i, \'\\1en\')\ninflect.irregular "octopus", "octopuses"\ninflect.uncountable %w[media data]\ninflect.acronym "API"',
      ),
    })
    const { files } = portRoutes(root)
    expect(files.map(({ path }) => path)).to.deep.equal(['config/routes.ts', 'config/initializers/inflections.ts'])
    expect(files[0]!.text).to.include("import './initializers/inflections.ts'\n")
    expect(files[1]!.text).to.equal(
      "import { inflections } from 'regauge'\n\ninflections.plural(/^(ox)$/i, '$1en')\ninflections.irregular('octopus', 'octopuses')\ninflections.uncountable('media', 'data')\ninflections.acronym('API')\n",
    )
  })

  it('leaves what is no declaration as a comment and a row', () => {
    const root = folderOf({
      'config/routes.rb': routesRb(''),
      'config/initializers/inflections.rb': declared('inflect.acronym "API"\nload_more(inflect)'),
    })
    const { files, rows } = portRoutes(root)
    expect(files[1]!.text).to.include('// PORT: load_more(inflect)')
    expect(rows.find(({ status }) => status === 'left')).to.include({ file: 'config/initializers/inflections.rb', line: 3 })
  })

  it('names models as the application inflects, and forgets it afterwards', () => {
    const before = [inflections.plurals.length, inflections.singulars.length, inflections.uncountables.size, inflections.acronyms.size]
    const root = folderOf({
      'db/schema.rb': schemaRb('create_table "api_cacti", force: :cascade do |t|\nend'),
      'config/initializers/inflections.rb': declared('inflect.irregular "cactus", "cacti"\ninflect.acronym "API"'),
    })
    expect(portSchema(root).files[0]!.text).to.include('model APICactus {')
    expect([
      inflections.plurals.length,
      inflections.singulars.length,
      inflections.uncountables.size,
      inflections.acronyms.size,
    ]).to.deep.equal(before)
    expect(pluralize('cactus')).to.equal('cactus')
  })
})

describe('constants of other files', () => {
  afterEach(removeFolders)

  it('are taken over with the file they came from', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('get "/chat", to: redirect(CHAT_URL)\nget "/:id", to: "a#b", id: /#{Patterns::SLUG}/'),
      'config/initializers/urls.rb': 'CHAT_URL = "https://chat.example".freeze\n',
      'lib/patterns.rb': 'module Patterns\n  LETTERS = "[a-z]"\n  SLUG = /#{LETTERS}+/\nend\n',
    })
    const { text } = portRoutes(root).files[0]!
    expect(text).to.include("// From config/initializers/urls.rb\nconst CHAT_URL = 'https://chat.example'\n")
    expect(text).to.include("get('/:id', { to: 'a#b', id: /(?:[a-z]+)/ })").and.not.include('Patterns')
  })

  it('are left when they are computed, or defined twice', () => {
    const root = folderOf({
      'config/routes.rb': routesRb('get A\nget B'),
      'lib/a.rb': 'A = ENV["A"]\nB = "1"\n',
      'lib/b.rb': 'B = "2"\n',
    })
    expect(portRoutes(root).rows.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ['left', 'the constant A is defined elsewhere'],
      ['left', 'the constant B is defined elsewhere'],
    ])
  })
})
