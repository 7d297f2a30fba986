import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import type { Configuration } from 'regauge'
import { type TestApplication, testApplication } from 'regauge/testing'
import { parse } from 'yaml'
import { applicationWith, removeFolders } from './folder.ts'

describe('the documentation of a running application', () => {
  let application: TestApplication

  before(async () => {
    application = await testApplication({ root: new URL('../../guides/conduit/api', import.meta.url).pathname })
  })
  after(() => application.stop())
  afterEach(removeFolders)

  it('is a valid OpenAPI document with every route that leads to an action', async () => {
    const document = (await (await application.get('/openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> }
    const result = await new Validator().validate(structuredClone(document))
    expect(result.valid, JSON.stringify(result)).to.equal(true)
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(operations).to.include.members([
      'get /api/articles',
      'post /api/users/login',
      'delete /api/articles/{article_slug}/comments/{id}',
    ])
    const drawn = application.application.routes.routes.filter((route) => route.kind === 'action').length
    expect(operations).to.have.length(drawn)
  })

  it('is the same document as YAML', async () => {
    const json: unknown = await (await application.get('/openapi.json')).json()
    const yaml: unknown = parse(await (await application.get('/openapi.yaml')).text())
    expect(yaml).to.deep.equal(json)
  })

  it('can be read in a browser, from this host alone', async () => {
    const response = await application.get('/docs')
    const page = await response.text()
    expect(response.status).to.equal(200)
    expect(response.headers.get('content-security-policy')).to.include("default-src 'none'")
    for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) expect((await application.get(path!)).status, path).to.equal(200)
  })

  for (const env of ['production', 'staging']) {
    it(`is nobody's in ${env}, unless it is switched on`, async () => {
      const statuses = async (configure?: (config: Configuration) => void) => {
        const served = await testApplication({
          root: applicationWith({ [`config/environments/${env}.ts`]: 'export default () => {}\n' }),
          env,
          ...(configure && { configure }),
        })
        const paths = ['/docs', '/docs/swagger-ui.css', '/openapi.json', '/openapi.yaml']
        const answers = await Promise.all(paths.map(async (path) => (await served.get(path)).status))
        await served.stop()
        return answers
      }
      expect(await statuses()).to.deep.equal([404, 404, 404, 404])
      expect(
        await statuses((config) => {
          config.openapi.enabled = true
        }),
      ).to.deep.equal([200, 200, 200, 200])
    })
  }

  it('can be switched off', async () => {
    const silent = await testApplication({
      root: new URL('../../guides/conduit/api', import.meta.url).pathname,
      configure: (config) => {
        config.openapi.enabled = false
      },
    })
    expect((await silent.get('/docs')).status).to.equal(404)
    await silent.stop()
  })
})
