import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { draw, helperDeclarations } from '../../src/routing/index.ts'

const repository = resolve(import.meta.dirname, '../..')

const declarations = helperDeclarations(
  draw(({ root, get, namespace, resources, direct }) => {
    root('home#index')
    namespace('api', () => resources('articles', { param: 'slug' }, () => resources('comments')))
    get('archive(/:year(/:month))', { to: 'archive#show', as: 'archive' })
    get('files/*path', { to: 'files#show', as: 'file', format: false })
    get('teams/:class', { to: 'teams#show', as: 'team' })
    get(':locale/about', { to: 'pages#about', as: 'about', defaults: { locale: 'en' } })
    direct('homepage', () => 'https://example.com')
  }),
)

describe('The declarations of URL helpers', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'regauge-types-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'route_helpers.d.ts'), declarations)
    const compilerOptions = {
      noEmit: true,
      incremental: true, // the second time only what is new is checked
      tsBuildInfoFile: join(folder, 'checked.json'),
      rootDir: '/',
      paths: { regauge: [join(repository, 'src/index.ts')] },
      typeRoots: [join(repository, 'node_modules/@types')],
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(repository, 'tsconfig.json'), compilerOptions, include: ['.'] }),
    )
  })
  after(() => rmSync(folder, { recursive: true }))

  /** What the compiler says about these lines, each as `line: message`. */
  function complaints(...lines: string[]): string[] {
    writeFileSync(join(folder, 'used.ts'), ["import { Parameters, routes } from 'regauge'", ...lines].join('\n'))
    const { stdout } = spawnSync(join(repository, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    return stdout.split('\n').flatMap((line) => {
      const found = /used\.ts\((\d+),\d+\): error TS\d+: (.*)/.exec(line)
      return found === null ? (/error TS/.test(line) ? [line] : []) : [`${Number(found[1]) - 1}: ${found[2]}`]
    })
  }

  it('let every call through that makes a URL', () => {
    expect(
      complaints(
        "routes.rootPath() + routes.rootUrl({ host: 'example.com' })",
        "routes.apiArticlePath('a') + routes.apiArticlePath({ toParam: () => 'a' }) + routes.apiArticlePath({ slug: 'a', page: 2 })",
        "routes.apiArticleCommentUrl('a', 1, { format: 'json', anchor: 'top' })",
        'routes.archivePath() + routes.archivePath(2024, 5) + routes.archivePath({ year: 2024 })',
        "routes.filePath(['a', 'b.txt']) + routes.teamPath('red') + routes.aboutPath() + routes.aboutPath('de')",
        "routes.apiArticlePath('a', new Parameters({ page: 2 }).permit('page').merge({ max_id: 3 }))",
        "routes.homepageUrl() + routes.urlFor({ controller: 'home', action: 'index' }) + routes.polymorphicPath({ toParam: () => 'a' })",
      ),
    ).to.deep.equal([])
  }).timeout(60_000)

  it('refuse names that no route has, and arguments that make no URL', () => {
    const found = complaints(
      'routes.apiArticelPath(1)',
      'routes.apiArticlePath()',
      'routes.apiArticlePath(null)',
      "routes.apiArticleCommentPath('a')",
      'routes.apiArticlePath(Promise.resolve(1))',
      "routes.rootPath('a')",
      "routes.apiArticlePath('a', new Parameters({ page: 2 }))",
    )
    expect(found.map((line) => line.slice(0, 1))).to.deep.equal(['1', '2', '3', '4', '5', '6', '7'])
    expect(found[0]).to.contain('apiArticlePath')
  }).timeout(60_000)

  it('say which route a helper is of', () => {
    expect(declarations).to.contain('/** GET /api/articles/:article_slug/comments/:id(.:format): api/comments#show */')
    expect(declarations).to.contain('teamPath(_class: PathValue, options?: HelperOptions): string')
  })
})
