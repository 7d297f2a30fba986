import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { type OpenApiEndpoints, openapiEndpoints, readComponentsFile, type RouteInfo, type Warning } from '../../src/openapi/index.ts'

describe('the endpoints of the document', () => {
  let server: Server
  let endpoints: OpenApiEndpoints
  let folder: string
  let builds: number
  let routes: RouteInfo[]
  const warnings: Warning[] = []
  const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    await writeFile(
      join(folder, 'orders_controller.ts'),
      'export class OrdersController { /** Lists. @nothing\n * @respons 200 */ index() {} }',
    )
    builds = 0
    routes = [{ verb: 'GET', path: '/orders(.:format)', controller: 'orders', action: 'index' }]
    endpoints = openapiEndpoints(
      () => {
        builds++
        return { title: 'Shop', version: '1', routes, controllers: [{ name: 'orders', file: join(folder, 'orders_controller.ts') }] }
      },
      { onWarning: (warning) => warnings.push(warning) },
    )
    server = createServer((request, response) => {
      const handler = request.url === '/openapi.yaml' ? endpoints.yaml : endpoints.json
      handler(request, response, (error) => void response.writeHead(error ? 500 : 404).end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
    warnings.length = 0
  })

  it('serve JSON and YAML of the same document, built once', async () => {
    const [json, yaml] = [await fetch(url('/openapi.json')), await fetch(url('/openapi.yaml'))]
    expect(json.headers.get('content-type')).to.equal('application/json; charset=utf-8')
    expect(yaml.headers.get('content-type')).to.equal('application/yaml; charset=utf-8')
    expect(parse(await yaml.text())).to.deep.equal(await json.json())
    expect(builds).to.equal(1)
  })

  it('build nothing before the first request, and tell of warnings once', async () => {
    expect(builds).to.equal(0)
    await fetch(url('/openapi.json'))
    await fetch(url('/openapi.json'))
    expect(warnings.map(({ line, message }) => [line, message])).to.deep.equal([[2, '@respons is no tag; did you mean @response?']])
  })

  it('build anew after a reset', async () => {
    await fetch(url('/openapi.json'))
    routes = [...routes, { verb: 'POST', path: '/orders', controller: 'orders', action: 'create' }]
    endpoints.reset()
    const document = (await (await fetch(url('/openapi.json'))).json()) as { paths: Record<string, object> }
    expect(Object.keys(document.paths['/orders'] ?? {})).to.deep.equal(['get', 'post'])
  })

  it('answer 304 to those who have it, HEAD without a body, and leave other methods to others', async () => {
    const first = await fetch(url('/openapi.json'))
    const again = await fetch(url('/openapi.json'), { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    const head = await fetch(url('/openapi.json'), { method: 'HEAD' })
    const post = await fetch(url('/openapi.json'), { method: 'POST' })
    expect([again.status, head.status, await head.text(), post.status]).to.deep.equal([304, 200, '', 404])
    expect(head.headers.get('content-length')).to.equal(first.headers.get('content-length'))
  })

  it('pass on what goes wrong in the application', async () => {
    endpoints = openapiEndpoints(() => {
      throw new Error('no routes yet')
    })
    expect((await fetch(url('/openapi.json'))).status).to.equal(500)
  })

  it('read shared components from YAML, and warn of a broken file', async () => {
    const [good, bad] = [join(folder, 'good.yml'), join(folder, 'bad.yml')]
    await writeFile(good, 'components:\n  schemas:\n    Money: { type: string }\n')
    await writeFile(bad, 'components:\n  schemas: [\n')
    const found: Warning[] = []
    expect(readComponentsFile(good, found)).to.deep.equal({ schemas: { Money: { type: 'string' } } })
    expect(readComponentsFile(bad, found)).to.deep.equal({})
    expect(found).to.have.length(1)
    expect(found[0]?.line).to.be.greaterThan(1)
  })
})
