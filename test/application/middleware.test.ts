import { expect } from 'chai'
import { type TestApplication, testApplication } from 'regauge/testing'
import { regaugeHere } from '../cli/in_process.ts'
import { applicationWith, removeFolders } from './folder.ts'

const files = {
  'config/routes.ts':
    "import { draw } from 'regauge'\nexport default draw(({ get, mount }) => {\n  get('up', { to: 'up#show' })\n  mount((_req, res) => res.status(418).json({ mounted: true }), { at: '/mounted' })\n  mount((req, res, next) => setImmediate(() => next(res.set('x-seen', req.url) && undefined)), { at: '/passing' })\n  get('passing/by', { to: 'up#show' })\n})\n",
  'app/controllers/up_controller.ts':
    "import { ApplicationController } from './application_controller.ts'\nexport class UpController extends ApplicationController {\n  show() {\n    this.render({ json: { up: this.request.raw.ip } })\n  }\n}\n",
  'config/application.ts': `import { configure } from 'regauge'
const stamp = (_req, res, next) => {
  res.set('x-stamp', '1')
  next()
}
export default configure((config) => {
  config.middleware.insertBefore('static', stamp)
  config.middleware.use((_req, _res, next) => next(), 'last')
  config.middleware.delete('etag')
})
`,
  'public/index.html': '<h1>home</h1>',
  'public/robots.txt': 'User-agent: *',
  'public/about.html': 'about',
  'public/docs-of-ours/index.html': 'docs',
  'public/.env': 'SECRET=1',
  'public/.well-known/security.txt': 'Contact: mailto:a@example.com',
  'public/app.css': 'body{}',
  'public/app.css.gz': 'compressed',
}

describe('the middleware of an application', () => {
  let application: TestApplication
  const start = async (env = 'test', more: Record<string, string> = {}) => {
    application = await testApplication({ root: applicationWith({ ...files, ...more }), env })
  }
  afterEach(async () => {
    await application?.stop()
    removeFolders()
  })

  it('is listed by `regauge middleware`, with what is built in and on', async () => {
    const root = applicationWith(files)
    const { stdout } = await regaugeHere(['middleware', '--root', root])
    expect(stdout.split('\n').map((line) => line.split(/ {2,}built in/)[0])).to.deep.equal([
      'use requestId',
      'use requestLog',
      'use hostAuthorization',
      'use errors',
      'use stamp',
      'use static',
      'use last',
      'use cookies',
      'use session',
      'run the routes',
      '',
    ])
    const { stdout: json } = await regaugeHere(['middleware', '--root', root, '--json'])
    expect(
      (JSON.parse(json) as { name: string; kind: string }[]).filter(({ kind }) => kind === 'application').map(({ name }) => name),
    ).to.deep.equal(['stamp', 'last'])
  })

  it('finds what Express gives it, in the stack and where it is mounted', async () => {
    await start()
    const answer = await application.get('/up', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect([answer.headers.get('x-stamp'), await answer.json()]).to.deep.equal(['1', { up: '203.0.113.7' }])
    const mounted = await application.get('/mounted')
    expect([mounted.status, await mounted.json()]).to.deep.equal([418, { mounted: true }])
  })

  it('hands what something mounted passes on to the routes behind it', async () => {
    await start()
    const { status, headers } = await application.get('/passing/by')
    expect([status, headers.get('x-seen')]).to.deep.equal([200, '/by'])
    expect((await application.get('/passing/nowhere')).status).to.equal(404)
  })

  it('does without the stages that were deleted', async () => {
    await start()
    expect((await application.get('/up')).headers.get('etag')).to.equal(null)
  })

  for (const env of ['test', 'production']) {
    describe(`sends the files of public in ${env}`, () => {
      beforeEach(() => start(env))

      it('before the routes, after what comes before them in the stack', async () => {
        const answer = await application.get('/robots.txt')
        expect([answer.status, await answer.text(), answer.headers.get('content-type')]).to.deep.equal([
          200,
          'User-agent: *',
          'text/plain; charset=utf-8',
        ])
        expect([answer.headers.get('x-stamp'), answer.headers.get('cache-control')]).to.deep.equal(['1', 'public, max-age=0'])
        expect((await application.get('/up')).status).to.equal(200)
      })

      it('by the names that Rails finds them under', async () => {
        for (const [path, text] of [
          ['/', '<h1>home</h1>'],
          ['/about', 'about'],
          ['/docs-of-ours', 'docs'],
          ['/docs-of-ours/', 'docs'],
        ] as const) {
          expect(await (await application.get(path)).text(), path).to.equal(text)
        }
      })

      it('answers 304 to clients that have them, and parts to those that ask for some', async () => {
        const etag = (await application.get('/robots.txt')).headers.get('etag')!
        expect(
          (await application.get('/robots.txt', { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status,
        ).to.equal(304)
        const part = await application.get('/robots.txt', { headers: { range: 'bytes=0-3' } })
        expect([part.status, await part.text()]).to.deep.equal([206, 'User'])
      })

      it('but none outside of it, none whose names begin with a dot, and no folders', async () => {
        for (const path of [
          '/.env',
          '/%2e%2e/config/application.ts',
          '/..%2fconfig/application.ts',
          '/.well-known/',
          '/%00',
          '/..%5cconfig',
        ]) {
          expect((await application.get(path)).status, path).to.equal(404)
        }
        expect(await (await application.get('/.well-known/security.txt')).text()).to.include('Contact')
        expect((await application.post('/robots.txt')).status).to.equal(404)
      })

      it('compressed, where there is such a file and the client takes it', async () => {
        const headersFor = async (encoding: string) => {
          const { headers } = await application.request('HEAD', '/app.css', { headers: { 'accept-encoding': encoding } })
          return ['content-encoding', 'content-type', 'vary'].map((name) => headers.get(name))
        }
        expect(await headersFor('gzip')).to.deep.equal(['gzip', 'text/css; charset=utf-8', 'Accept-Encoding'])
        expect(await headersFor('gzip;q=0')).to.deep.equal([null, 'text/css; charset=utf-8', 'Accept-Encoding'])
      })
    })
  }

  it('sends the headers that the configuration gives to files, and none when it is switched off', async () => {
    const settings = (lines: string) => `import { configure } from 'regauge'\nexport default configure((config) => {\n${lines}\n})\n`
    await start('test', {
      'config/application.ts': settings("config.publicFileServer.headers = { 'cache-control': 'public, max-age=60' }"),
    })
    expect((await application.get('/robots.txt')).headers.get('cache-control')).to.equal('public, max-age=60')
    await application.stop()
    await start('test', { 'config/application.ts': settings('config.publicFileServer.enabled = false') })
    expect((await application.get('/robots.txt')).status).to.equal(404)
  })
})
