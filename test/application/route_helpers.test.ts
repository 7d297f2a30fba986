import { expect } from 'chai'
import { routes, UnknownUrlHelper } from 'regauge'
import { type TestApplication, testApplication } from 'regauge/testing'
import { applicationWith, removeFolders } from './folder.ts'

const files = {
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ resources, get, defaultUrlOptions }) => {
  defaultUrlOptions({ host: 'jobs.example.com' })
  resources('articles', { param: 'slug' }, () => resources('comments', { only: 'index' }))
  get('elsewhere', { to: 'articles#elsewhere' })
  get('localized/:locale', { to: 'localized#show' })
  get('localized', { to: 'localized#index' })
})
`,
  'app/controllers/articles_controller.ts': `import { routes } from 'regauge'
import { ApplicationController } from './application_controller.ts'
const { articlePath } = routes
export class ArticlesController extends ApplicationController {
  index() { this.render({ json: [routes.articleUrl('a'), routes.articlesUrl({ page: 2 }), routes.urlFor({ action: 'index', onlyPath: true })] }) }
  show() { this.render({ json: [routes.articleCommentsPath(), articlePath({ toParam: () => 'b c' }, { format: 'json' })] }) }
  create() {}
  update() {}
  destroy() {}
  elsewhere() { this.redirectTo(routes.articlePath('a')) }
}
`,
  'app/controllers/localized_controller.ts': `import { routes } from 'regauge'
import { ApplicationController } from './application_controller.ts'
let asked = 0
class Localized extends ApplicationController {
  defaultUrlOptions() { asked++; return { locale: this.params.string('lang'), host: 'i18n.example.com', port: null } }
}
export class LocalizedController extends Localized {
  index() { this.render({ json: [routes.localizedUrl(), routes.articlePath('a'), routes.articlePath('a', { locale: 'fr' }), routes.articlePath('a'), asked] }) }
  show() { this.redirectTo({ action: 'index' }, { allowOtherHost: true }) }
}
`,
  'app/controllers/comments_controller.ts': `import { routes } from 'regauge'
import { ApplicationController } from './application_controller.ts'
export class CommentsController extends ApplicationController {
  index() { this.render({ json: [routes.articleCommentsPath(), routes.articlePath('x')] }) }
}
`,
}

describe('URL helpers', () => {
  let application: TestApplication
  const json = async (path: string, headers: Record<string, string> = {}) => (await fetch(application.url + path, { headers })).json()

  before(async () => void (application = await testApplication({ root: applicationWith(files) })))
  after(async () => {
    await application.stop()
    removeFolders()
  })

  it("complete URLs with the request's host, port and protocol", async () => {
    expect(await json('/articles', { 'x-forwarded-host': 'shop.example.com', 'x-forwarded-proto': 'https' })).to.deep.equal([
      'https://shop.example.com/articles/a',
      'https://shop.example.com/articles?page=2',
      '/articles',
    ])
  })

  it("fill segments from the request's path, and take records and options", async () => {
    expect(await json('/articles/one/comments')).to.deep.equal(['/articles/one/comments', '/articles/x'])
  })

  it('can be taken apart when the file is loaded', async () => {
    const response = await fetch(`${application.url}/elsewhere`, { redirect: 'manual' })
    expect(response.headers.get('location')).to.equal(`${application.url}/articles/a`)
  })

  it('have what the controller says that every URL has, asked once a request', async () => {
    expect(await json('/localized?lang=de')).to.deep.equal([
      'http://i18n.example.com/localized?locale=de',
      '/articles/a?locale=de',
      '/articles/a?locale=fr',
      '/articles/a?locale=de',
      1,
    ])
    const response = await fetch(`${application.url}/localized/de?lang=it`, { redirect: 'manual' })
    expect(response.headers.get('location')).to.equal('http://i18n.example.com/localized?locale=it')
    expect(await json('/articles/one/comments')).to.deep.equal(['/articles/one/comments', '/articles/x'])
  })

  it('work outside of requests with the default URL options of the routes file', () => {
    expect(routes.articleUrl!('a')).to.equal('http://jobs.example.com/articles/a')
    expect(routes.articlePath!('a')).to.equal('/articles/a')
    expect(Object.keys(routes)).to.include.members(['articlePath', 'articleUrl', 'urlFor'])
    expect('articlePath' in routes).to.equal(true)
    expect('articelPath' in routes).to.equal(false)
  })

  it('called by a name that no route has say which was meant', () => {
    expect(() => routes.articelPath!('a')).to.throw(UnknownUrlHelper, "There is no URL helper 'articelPath'. Did you mean articlePath?")
  })
})
