import { expect } from 'chai'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawPortedRoutes, portRoutes } from '../../../migrations/index.ts'
import { folderOf, removeFolders, routesRb } from '../rails_app.ts'

const rowsOf = async (files: Record<string, string>, options = {}) => {
  const rows = await drawPortedRoutes(folderOf(files), options)
  return rows.map(({ verb, path, controller, action }) => `${verb} ${path.replace('(.:format)', '')} ${controller}#${action}`)
}

const leftOf = (files: Record<string, string>) =>
  portRoutes(folderOf(files))
    .rows.filter(({ status }) => status === 'left')
    .map(({ construct }) => construct)

describe('routes from files of data', () => {
  afterEach(removeFolders)

  const pages = '- home\n- about\n'
  const eachPage = (source: string) => routesRb(`${source}.each do |page|\n  get page, to: "pages#" + page\nend`)

  for (const [source, file] of [
    ['YAML.load_file(Rails.root.join("config", "pages.yml"))', 'config/pages.yml'],
    ['YAML.safe_load(File.read(Rails.root.join("config/pages.yml")))', 'config/pages.yml'],
    ['YAML.load_file("#{Rails.root}/config/pages.yml")', 'config/pages.yml'],
    ['YAML.load_file(File.expand_path("pages.yml", __dir__))', 'config/pages.yml'],
    ['YAML.safe_load_file("config/pages.yml")', 'config/pages.yml'],
    ['YAML.load(Rails.root.join("config/pages.yml").read)', 'config/pages.yml'],
  ] as const) {
    it(`are drawn of ${source}`, async () => {
      const rows = await rowsOf({ 'config/routes.rb': eachPage(source), [file]: pages })
      expect(rows).to.deep.equal(['GET /home pages#home', 'GET /about pages#about'])
    })
  }

  it('are drawn of JSON', async () => {
    const routes = routesRb(
      'JSON.parse(File.read("config/pages.json"), symbolize_names: true).each do |page|\n  get page[:path], to: page.fetch(:to)\nend',
    )
    const rows = await rowsOf({ 'config/routes.rb': routes, 'config/pages.json': '[{"path": "a", "to": "b#c"}]' })
    expect(rows).to.deep.equal(['GET /a b#c'])
  })

  it('are drawn of config_for, in the environment asked for and with what is shared', async () => {
    const files = {
      'config/routes.rb': routesRb(
        'Rails.application.config_for(:sites)[:names].each { |name| get name, to: "sites#show" }\nget "x", to: "a#b" if Rails.application.config_for(:sites).beta',
      ),
      'config/sites.yml': 'shared:\n  beta: yes\nproduction:\n  names: [live]\ntest:\n  names: [<%= "te" + "st" %>]\n',
    }
    expect(await rowsOf(files)).to.deep.equal(['GET /live sites#show', 'GET /x a#b'])
    expect(await rowsOf(files, { environment: 'test' })).to.deep.equal(['GET /test sites#show', 'GET /x a#b'])
  })

  it('are drawn of constants and methods that read such files', async () => {
    const rows = await rowsOf({
      'config/routes.rb': routesRb('Sites.all.each { |name, path| get path, to: "sites##{name}" }\nget Sites.first, to: "a#b"'),
      'lib/sites.rb': `class Sites
  FILE = Rails.root.join("config/sites.yml")
  LIST = YAML.load_file(FILE).freeze
  def self.all
    LIST
  end
  def self.first
    return "none" if all.empty?
    name, path = all.first
    path
  end
end
`,
      'config/sites.yml': 'one: first\ntwo: second\n',
    })
    expect(rows).to.deep.equal(['GET /first sites#one', 'GET /second sites#two', 'GET /first a#b'])
  })

  it('are drawn of the options of an engine, loops within loops and all', async () => {
    const rows = await rowsOf({
      'config/routes.rb': routesRb(`Shop::Settings.collections.each do |name, collection|
  plural, singular = Shop::Names.of(name.to_s)
  scope name, controller: name do
    collection.verbs.each do |verb|
      next unless collection.options.include?(:public)

      case verb
      when :get
        get "/", action: :index, as: plural
        get "/:id", action: :show, as: singular
      else
        match "/:id", action: Shop::ACTIONS[verb], via: verb
      end
    end
    Array(collection.parts).each { |part| get "/:id/#{part}", action: "render_#{part}".to_sym }
  end
end`),
      'lib/shop.rb': 'module Shop\n  ACTIONS = { get: "show", delete: "destroy" }.freeze\nend\n',
      'lib/shop/names.rb':
        'module Shop\n  module Names\n    def self.of(name)\n      singular = name.singularize\n      singular = "one_#{singular}" if singular == name\n      return name.pluralize, singular\n    end\n  end\nend\n',
      'lib/shop/settings.rb':
        'module Shop\n  Settings = ::Config::Options.new.tap do |o|\n    Plugins.all.each { |p| o.add_source!(p.root.join("config/api.yml").to_s) }\n    o.load!\n  end\nend\n',
      'config/api.yml':
        ':verbs:\n  :gd: &gd\n  - :get\n  - :delete\n:collections:\n  :toys:\n    :options: [:public]\n    :verbs: *gd\n    :parts: [lid]\n  :sheep:\n    :options: []\n    :verbs: *gd\n',
    })
    expect(rows).to.deep.equal([
      'GET /toys toys#index',
      'GET /toys/:id toys#show',
      'DELETE /toys/:id toys#destroy',
      'GET /toys/:id/lid toys#render_lid',
    ])
  })

  it('say which files their values come from', () => {
    const { rows } = portRoutes(folderOf({ 'config/routes.rb': eachPage('YAML.load_file("config/pages.yml")'), 'config/pages.yml': pages }))
    expect(rows.find(({ file }) => file === 'config/pages.yml')).to.include({
      status: 'note',
      reason: 'its values of today stand in the output',
    })
  })

  it('decide conditions', async () => {
    const files = {
      'config/routes.rb': routesRb(
        'get "a", to: "a#a" if YAML.load_file("config/features.yml")["a"]\nget "b", to: "a#b" if YAML.load_file("config/features.yml")["b"]',
      ),
      'config/features.yml': 'a: on\nb: off\n',
    }
    expect(await rowsOf(files)).to.deep.equal(['GET /a a#a'])
    expect(leftOf(files)).to.deep.equal([])
  })

  it('stay Ruby when the file is missing, holds more than data or asks the environment', () => {
    const read = { 'config/routes.rb': eachPage('YAML.load_file("config/pages.yml")') }
    const left = ['YAML.load_file("config/pages.yml").each']
    expect(leftOf(read)).to.deep.equal(left)
    expect(leftOf({ ...read, 'config/pages.yml': '- !ruby/object:Page {}\n' })).to.deep.equal(left)
    expect(leftOf({ ...read, 'config/pages.yml': '- [\n' })).to.deep.equal(left)
    expect(leftOf({ ...read, 'config/pages.yml': '- <%= ENV["PAGE"] %>\n' })).to.deep.equal(left)
    expect(leftOf({ ...read, 'config/pages.yml': `- ${'x'.repeat(2 * 1024 * 1024)}\n` })).to.deep.equal(left)
  })

  it('never come from outside of the application', () => {
    const outside = folderOf({ 'pages.yml': pages })
    const read = (path: string) => folderOf({ 'config/routes.rb': eachPage(`YAML.load_file(${JSON.stringify(path)})`), 'config/x.txt': '' })
    const countLeft = (root: string) => portRoutes(root).rows.filter(({ status }) => status === 'left').length
    expect(countLeft(read(join(outside, 'pages.yml')))).to.equal(1)
    expect(countLeft(read(`../${outside.split('/').at(-1)}/pages.yml`))).to.equal(1)
    const linked = read('config/link.yml')
    symlinkSync(join(outside, 'pages.yml'), join(linked, 'config/link.yml'))
    expect(countLeft(linked)).to.equal(1)
    writeFileSync(join(linked, 'config/credentials.yml.enc'), pages)
    expect(
      leftOf({ 'config/routes.rb': eachPage('YAML.load_file("config/credentials.yml.enc")'), 'config/credentials.yml.enc': pages }),
    ).to.have.length(1)
  })

  it('are not written out without end', () => {
    const deep = '%w[a b c d e f g h i j].each do |x|\n'.repeat(4)
    const routes = routesRb(`${deep}get Unknown.path(x)\n${'end\n'.repeat(4)}`)
    expect(leftOf({ 'config/routes.rb': routes })).to.deep.equal(['get Unknown.path(x)'])
  })

  it('survive a file of aliases that multiply', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, level) => `a${level}: &a${level} [${level === 0 ? 'x' : `*a${level - 1}, *a${level - 1}, *a${level - 1}`}]`,
    ).join('\n')
    expect(leftOf({ 'config/routes.rb': eachPage('YAML.load_file("config/pages.yml")["a29"]'), 'config/pages.yml': bomb })).to.have.length(
      1,
    )
  })
})
