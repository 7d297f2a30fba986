import { request as rawRequest } from 'node:http'
import { expect } from 'chai'
import { type RequestOptions, type TestApplication, testApplication } from 'regauge/testing'
import { ordersWith, removeFolders } from './folder.ts'

const failing = `import { ApplicationController } from './application_controller.ts'

export class FailuresController extends ApplicationController {
  show() {
    throw new Error('the password is hunter2')
  }
}
`
const routes = `import { draw } from 'regauge'

export default draw(({ resource, resources }) => {
  resource('failure', { only: 'show' })
  resources('orders', { only: ['index', 'show', 'create'] })
})
`
const json = { 'content-type': 'application/json', 'x-api-key': 'secret' }

const requests: readonly [what: string, status: number, error: string, method: string, path: string, options?: RequestOptions][] = [
  ['malformed JSON', 400, 'Bad Request', 'POST', '/orders', { headers: json, body: '{"order": ' }],
  ['JSON that is not UTF-8', 400, 'Bad Request', 'POST', '/orders', { headers: json, body: Uint8Array.from([0x22, 0xff, 0x22]) }],
  ['no parameters', 400, 'Bad Request', 'POST', '/orders', { headers: json, body: '{}' }],
  [
    'a type that the application does not accept',
    415,
    'Unsupported Media Type',
    'POST',
    '/orders',
    { headers: { ...json, 'content-type': 'text/csv' }, body: 'a,b' },
  ],
  [
    'a body that is too large',
    413,
    'Content Too Large',
    'POST',
    '/orders',
    { headers: json, body: JSON.stringify({ order: 'x'.repeat(2_000) }) },
  ],
  ['bad percent-encoding in the query', 400, 'Bad Request', 'GET', '/orders?a=%zz'],
  ['bad percent-encoding in the path', 400, 'Bad Request', 'GET', '/orders/%ff', { headers: json }],
  [
    'bad percent-encoding in a form',
    400,
    'Bad Request',
    'POST',
    '/orders',
    { headers: { ...json, 'content-type': 'application/x-www-form-urlencoded' }, body: 'order=%zz' },
  ],
  ['parameters of two shapes', 400, 'Bad Request', 'POST', '/orders?order=1&order[b]=2', { headers: json, body: '{}' }],
  ['a path that no route fits', 404, 'Not Found', 'GET', '/ordres'],
  ['an error of the application', 500, 'Internal Server Error', 'GET', '/failure'],
]

for (const env of ['production', 'development']) {
  describe(`a request in ${env}`, () => {
    let application: TestApplication
    const reported: string[] = []

    before(async () => {
      const root = ordersWith({ 'app/controllers/failures_controller.ts': failing, 'config/routes.ts': routes })
      application = await testApplication({
        root,
        env,
        configure: (config) => {
          config.http.bodyLimit = 1_000
          config.http.acceptedMediaTypes = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data']
        },
      })
      application.application.logger.error = (message) => void reported.push(String(message))
    })
    after(async () => {
      await application.stop()
      removeFolders()
    })

    for (const [what, status, error, method, path, options] of requests) {
      it(`with ${what} is answered ${status} in JSON`, async () => {
        const response = await application.request(method, path, options)
        expect(response.status).to.equal(status)
        expect(response.headers.get('content-type')).to.match(/^application\/json/)
        const body = (await response.json()) as Record<string, unknown>
        expect(body).to.include({ status, error })
        if (env === 'production') expect(Object.keys(body)).to.deep.equal(['status', 'error'])
        else expect(body).to.include.keys('exception', 'message', 'trace')
      })
    }

    it('with a head that is not HTTP is answered 400 and no more', async () => {
      const { port, hostname } = new URL(application.url)
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const request = rawRequest({ port, host: hostname, method: 'GET', path: '/orders', headers: { 'content-length': 'x' } })
        request
          .once('response', (response) => resolve(response.resume().statusCode))
          .once('error', reject)
          .end()
      })
      expect(status).to.equal(400)
    })

    it('that failed is reported once to the log, and those that the client got wrong are not', async () => {
      reported.length = 0
      await application.get('/failure')
      await application.get('/ordres')
      await application.post('/orders', { headers: json, body: '{' })
      expect(reported).to.deep.equal(['the password is hunter2'])
    })
  })
}
