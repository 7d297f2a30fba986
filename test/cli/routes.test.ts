import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

const files = {
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ resources, get, redirect }) => {
  resources('articles', { only: ['index', 'show'] })
  get('old', { to: redirect('/articles') })
  get('drafts', { to: 'drafts#index' })
})
`,
  'app/controllers/articles_controller.ts':
    "import { ApplicationController } from './application_controller.ts'\nexport class ArticlesController extends ApplicationController {\n  index() {}\n}\n",
}

describe('regauge routes', () => {
  afterEach(removeFolders)

  it('lists the routes whose controller or action does not exist', async () => {
    const root = applicationWith(files)
    const { stdout, status } = await regaugeHere(['routes', '--unused', '--root', root])
    expect(status).to.equal(0)
    expect(stdout).to.equal(`Found 2 unused routes:

 Prefix Verb URI Pattern             Controller#Action
article GET  /articles/:id(.:format) articles#show
 drafts GET  /drafts(.:format)       drafts#index
`)
    const { stdout: json } = await regaugeHere(['routes', '--unused', '--json', '-c', 'drafts', '--root', root])
    expect((JSON.parse(json) as { endpoint: string }[]).map(({ endpoint }) => endpoint)).to.deep.equal(['drafts#index'])
    const { stdout: none } = await regaugeHere(['routes', '--unused', '-g', 'old', '--root', root])
    expect(none).to.match(/^No unused routes/)
  })

  it('writes the declarations of the helpers, and says when they are up to date', async () => {
    const root = applicationWith(files)
    const file = join(root, 'config/route_helpers.d.ts')
    const { stdout } = await regaugeHere(['routes', '--types', '--root', root])
    expect(stdout).to.match(/^Wrote .*config\/route_helpers\.d\.ts\n$/)
    expect(readFileSync(file, 'utf8')).to.contain('articlePath(id: PathValue, options?: HelperOptions): string')
    const { stdout: again } = await regaugeHere(['routes', '--types', '--json', '--root', root])
    expect(JSON.parse(again)).to.deep.equal({ file, hasChanged: false })
    const { stdout: elsewhere } = await regaugeHere(['routes', '--types', '--out', 'types/routes.d.ts', '--root', root])
    expect(elsewhere).to.match(/types\/routes\.d\.ts/)
  })
})
