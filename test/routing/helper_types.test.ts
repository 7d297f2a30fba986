import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { draw, helperDeclarations } from '../../src/routing/index.ts'
import { buildDeclarations, repository } from '../application/built_package.ts'

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

const right = [
  "routes.rootPath() + routes.rootUrl({ host: 'example.com' })",
  "routes.apiArticlePath('a') + routes.apiArticlePath({ toParam: () => 'a' }) + routes.apiArticlePath({ slug: 'a', page: 2 })",
  "routes.apiArticleCommentUrl('a', 1, { format: 'json', anchor: 'top' })",
  'routes.archivePath() + routes.archivePath(2024, 5) + routes.archivePath({ year: 2024 })',
  "routes.filePath(['a', 'b.txt']) + routes.teamPath('red') + routes.aboutPath() + routes.aboutPath('de')",
  "routes.apiArticlePath('a', new Parameters({ page: 2 }).permit('page').merge({ max_id: 3 }))",
  "routes.homepageUrl() + routes.urlFor({ controller: 'home', action: 'index' }) + routes.polymorphicPath({ toParam: () => 'a' })",
]
const wrong = [
  'routes.apiArticelPath(1)',
  'routes.apiArticlePath()',
  'routes.apiArticlePath(null)',
  "routes.apiArticleCommentPath('a')",
  'routes.apiArticlePath(Promise.resolve(1))',
  "routes.rootPath('a')",
  "routes.apiArticlePath('a', new Parameters({ page: 2 }))",
]

describe('The declarations of URL helpers', () => {
  let folder: string
  let output: string

  // All at once: most of the time goes into what they import.
  before(function () {
    this.timeout(120_000)
    folder = mkdtempSync(join(tmpdir(), 'regauge-types-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'route_helpers.d.ts'), declarations)
    const compilerOptions = {
      noEmit: true,
      rootDir: '/',
      paths: { regauge: [join(buildDeclarations(), 'dist/src/index.d.ts')] },
      typeRoots: [join(repository, 'node_modules/@types')],
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(repository, 'tsconfig.json'), compilerOptions, include: ['.'] }),
    )
    for (const [name, lines] of Object.entries({ right, wrong }))
      writeFileSync(join(folder, `${name}.ts`), ["import { Parameters, routes } from 'regauge'", ...lines].join('\n'))
    const tsc = join(repository, 'node_modules/.bin/tsc')
    output = spawnSync(tsc, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout
  })
  after(() => rmSync(folder, { recursive: true }))

  /** What the compiler says about the lines of a file, each as `line: message`. */
  function complaints(file: string): string[] {
    return output.split('\n').flatMap((line) => {
      const [, place, number, message] = /^(.*)\((\d+),\d+\): error TS\d+: (.*)/.exec(line) ?? []
      if (place === undefined) return /error TS/.test(line) ? [line] : []
      if (place.endsWith(file)) return [`${Number(number) - 1}: ${message}`]
      return /(right|wrong)\.ts$/.test(place) ? [] : [line]
    })
  }

  it('let every call through that makes a URL', () => expect(complaints('right.ts')).to.deep.equal([]))

  it('refuse names that no route has, and arguments that make no URL', () => {
    const found = complaints('wrong.ts')
    expect(found.map((line) => line.slice(0, 1))).to.deep.equal(['1', '2', '3', '4', '5', '6', '7'])
    expect(found[0]).to.contain('apiArticlePath')
  })

  it('say which route a helper is of', () => {
    expect(declarations).to.contain('/** GET /api/articles/:article_slug/comments/:id(.:format): api/comments#show */')
    expect(declarations).to.contain('teamPath(_class: PathValue, options?: HelperOptions): string')
  })
})
