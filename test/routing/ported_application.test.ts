import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runGolden } from '../goldens/outcome.ts'

const row = (verb: string, path: string, action: string, more: object = {}) => ({
  name: null,
  verb,
  path,
  controller: 'articles',
  action,
  defaults: {},
  requirements: {},
  request_constraints: {},
  constraints: [],
  endpoint: { kind: 'controller' },
  anchored: true,
  origin: 'app',
  set: 'main',
  ...more,
})

describe('The table of an application beside what its ported routes draw', () => {
  let root: string
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'regauge-app-'))
    mkdirSync(join(root, 'config'))
    writeFileSync(
      join(root, 'config/routes.rb'),
      "Rails.application.routes.draw do\n  resources :articles, only: %i[index show], constraints: { id: /\\d+/ }\n  get 'more', to: 'articles#more', as: nil, constraints: ->(request) { Session.find(request) }\nend\n",
    )
  })
  after(() => rmSync(root, { recursive: true }))

  const compare = (...routes: object[]) => compareWith([], routes)

  async function compareWith(probes: readonly object[], routes: readonly object[]) {
    const file = join(root, 'table.json')
    writeFileSync(file, JSON.stringify({ app: 'table', routes, probes }))
    const { passed, failures } = await runGolden(file, root)
    return { passed, failures: failures.map(({ id, reason }) => `${id}: ${reason}`) }
  }

  const id = { id: { $regexp: '\\d+', options: 0 } }
  const index = row('GET', '/articles(.:format)', 'index', { name: 'articles' })
  const show = row('GET', '/articles/:id(.:format)', 'show', { name: 'article', requirements: id })
  const more = row('GET', '/more(.:format)', 'more', { constraints: [{ type: 'proc', at: 'config/routes.rb:3' }] })

  it('passes route by route', async () => {
    expect(await compare(index, show, more)).to.deep.equal({ passed: 3, failures: [] })
  })

  it('fails for what differs, is missing or is added', async () => {
    const { passed, failures } = await compare({ ...index, name: 'posts' }, row('POST', '/articles(.:format)', 'create'), show)
    expect(passed).to.equal(1)
    expect(failures).to.have.length(3)
    expect(failures[0]).to.equal('GET /articles(.:format) articles#index: name is "articles", not "posts"')
    expect(failures[1]).to.equal('POST /articles(.:format) articles#create: it is not drawn, or not in this place')
    expect(failures[2]).to.match(/^added GET \/more\(\.:format\) articles#more: Rails doesn't draw it/)
  })

  it('fails where a route is guarded on one side only', async () => {
    const { failures } = await compare(index, show, row('GET', '/more(.:format)', 'more'))
    expect(failures).to.deep.equal(['GET /more(.:format) articles#more: isGuarded is true, not false'])
  })

  it('sends the recorded requests through the ported routes, past predicates, which the recording did not ask', async () => {
    const probe = (path: string, ...matches: object[]) => ({ set: 'main', verb: 'GET', host: 'www.example.com', path, matches })
    const found = (i: number, action: string, params: object = {}) => ({ i, params: { controller: 'articles', action, ...params } })
    const right = [
      probe('/articles/5.json', found(1, 'show', { id: '5', format: 'json' })),
      probe('/more', found(2, 'more')),
      probe('/none'),
    ]
    expect(await compareWith(right, [index, show, more])).to.deep.equal({ passed: 6, failures: [] })
    const wrong = [probe('/articles/5', found(1, 'show', { id: '6' })), probe('/more'), probe('/articles/a', found(1, 'show', { id: 'a' }))]
    const { passed, failures } = await compareWith(wrong, [index, show, more])
    expect(passed).to.equal(3)
    expect(failures.map((failure) => failure.split(':')[0])).to.deep.equal([
      'probe main GET www.example.com/articles/5',
      'probe main GET www.example.com/more',
      'probe main GET www.example.com/articles/a',
    ])
  })

  it('leaves the routes of gems, and those beside them, out', async () => {
    const gem = row('GET', '/sign_in(.:format)', 'new', { controller: 'devise/sessions', origin: 'gem:devise' })
    expect(await compare(index, show, gem)).to.deep.equal({ passed: 2, failures: [] })
  })
})
