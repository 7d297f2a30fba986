import { expect } from 'chai'
import { currentExecution } from '../../src/context/index.ts'
import {
  type ErrorMiddleware,
  FixedMiddleware,
  type Middleware,
  MiddlewareStack,
  runtimeHeader,
  UnknownMiddleware,
} from '../../src/http/index.ts'
import { sendRaw, serve, stopServing } from './serving.ts'

const named = (name: string): Middleware => {
  const middleware: Middleware = (_req, res, next) => {
    res.appendHeader('x-passed', name)
    next()
  }
  Object.defineProperty(middleware, 'name', { value: name })
  return middleware
}

describe('the middleware stack', () => {
  afterEach(stopServing)

  it('lists what was added, inserted and deleted, in order', () => {
    const stack = new MiddlewareStack().use(named('b')).use(named('d'))
    stack
      .insertBefore('b', named('a'))
      .insertAfter('b', named('c'))
      .use((_req, _res, next) => next())
    stack.use(named('x'), 'last').delete('d')
    expect(stack.list()).to.deep.equal(['a', 'b', 'c', 'anonymous', 'last'])
  })

  it('says which middleware it does not know, and which was meant', () => {
    const stack = new MiddlewareStack().use(named('session'))
    expect(() => stack.delete('sesion')).to.throw(
      UnknownMiddleware,
      "There is no middleware 'sesion' in the stack (session). Did you mean session?",
    )
  })

  it('puts functions first, in the place of others, and moves them', () => {
    const stack = new MiddlewareStack().use(named('b')).use(named('c')).unshift(named('a')).swap('b', named('x'))
    expect(stack.list()).to.deep.equal(['a', 'x', 'c'])
    expect(stack.moveBefore('a', 'c').list()).to.deep.equal(['c', 'a', 'x'])
    expect(stack.moveAfter('x', 'c').list()).to.deep.equal(['a', 'x', 'c'])
    expect(stack.insertBefore(0, named('first')).list()).to.deep.equal(['first', 'a', 'x', 'c'])
    expect(stack.has('x')).to.equal(true)
  })

  describe('with the stages of every application', () => {
    const first = ['requestId', 'requestLog', 'hostAuthorization', 'ssl', 'errors']
    const last = ['cookies', 'session', 'methodOverride', 'etag']

    it('has the functions between those that wrap a request and those of its answer', () => {
      const stack = MiddlewareStack.withBuiltIn()
        .use(named('a'))
        .unshift(named('b'))
        .insertBefore('static', named('c'))
        .insertAfter('errors', named('d'))
      expect(stack.list()).to.deep.equal([...first, 'd', 'b', 'c', 'static', 'a', ...last])
      expect(stack.handlers({ static: named('files') }).map(({ name }) => name)).to.deep.equal(['d', 'b', 'c', 'files', 'a'])
    })

    it('knows them by the names of Rails too', () => {
      const stack = MiddlewareStack.withBuiltIn().insertAfter('ActionDispatch::Static', named('a')).delete('Rack::ETag')
      expect(stack.list()).to.deep.equal([...first, 'static', 'a', ...last.slice(0, -1)])
    })

    it('says which stages stay where they are', () => {
      const stack = MiddlewareStack.withBuiltIn().use(named('a'))
      const refused: [() => unknown, string][] = [
        [() => stack.delete('errors'), 'no request can do without it'],
        [() => stack.insertBefore('requestLog', named('b')), 'nothing can come before it'],
        [() => stack.insertAfter('etag', named('b')), 'nothing can come after it'],
        [() => stack.swap('requestId', named('b')), "it can't be replaced"],
        [() => stack.moveBefore('static', 'etag'), "it can't be moved"],
      ]
      for (const [change, reason] of refused) expect(change).to.throw(FixedMiddleware, reason)
      expect(stack.list()).to.deep.equal([...first, 'static', 'a', ...last])
    })
  })

  it('runs in order before the endpoint', async () => {
    const middleware = new MiddlewareStack().use(named('one')).use(named('two')).handlers()
    const url = await serve((_request, response) => void (response.body = 'end'), { middleware })
    const answer = await fetch(url)
    expect(answer.headers.get('x-passed')).to.equal('one, two')
    expect(await answer.text()).to.equal('end')
  })

  it('stops where a middleware answers', async () => {
    const middleware: Middleware[] = [(_req, res) => res.writeHead(418).end('short'), named('never')]
    const answer = await fetch(await serve((_request, response) => void (response.body = 'end'), { middleware }))
    expect([answer.status, await answer.text(), answer.headers.get('x-passed')]).to.deep.equal([418, 'short', null])
  })

  it('turns errors that are thrown, rejected or passed on into error responses', async () => {
    const failing: Middleware[] = [
      () => {
        throw new Error('thrown')
      },
      async () => Promise.reject(new Error('rejected')),
      (_req, _res, next) => next(new Error('passed')),
      (_req, _res, next) => next(Object.assign(new Error('theirs'), { statusCode: 403 })),
    ]
    const statuses: number[] = []
    for (const middleware of failing) statuses.push((await fetch(await serve(() => {}, { middleware: [middleware] }))).status)
    expect(statuses).to.deep.equal([500, 500, 500, 403])
  })

  it('hands errors to the next middleware that takes four parameters', async () => {
    const rescue = ((error: Error, _req: unknown, res: { end(text: string): void }, _next: unknown) =>
      res.end(error.message)) as unknown as Middleware
    const middleware: Middleware[] = [(_req, _res, next) => next(new Error('rescued')), named('skipped'), rescue]
    const answer = await fetch(await serve(() => {}, { middleware }))
    expect([await answer.text(), answer.headers.get('x-passed')]).to.deep.equal(['rescued', null])
  })

  it('hands them what nobody rescued behind it too, and answers when they pass it on', async () => {
    const seen: string[] = []
    const watch: ErrorMiddleware = (error, _req, _res, next) => {
      seen.push((error as Error).message)
      next(error)
    }
    const stack = new MiddlewareStack().use(named('before')).use(watch)
    const failing = await serve(
      () => {
        throw Object.assign(new Error('out of luck'), { status: 409 })
      },
      { middleware: stack.handlers() },
    )
    expect((await fetch(failing)).status).to.equal(409)
    expect((await fetch(`${failing}/nowhere`)).status).to.equal(404)
    const answering: ErrorMiddleware = (error, _req, res, _next) => res.writeHead(418).end((error as Error).message)
    const rejecting = await serve(() => Promise.reject(new Error('rejected')), {
      middleware: new MiddlewareStack().use(answering).handlers(),
    })
    const answer = await fetch(rejecting)
    expect([answer.status, await answer.text()]).to.deep.equal([418, 'rejected'])
    expect(seen).to.deep.equal(['out of luck', 'No route matches [GET] "/nowhere"'])
  })

  it('keeps the headers it set, cookies of both and Vary of both', async () => {
    const middleware: Middleware[] = [
      (_req, res, next) => {
        res.setHeader('set-cookie', 'theirs=1')
        res.setHeader('vary', 'Origin')
        res.setHeader('x-own', 'theirs')
        next()
      },
    ]
    const url = await serve(
      (_request, response) => {
        response.setHeader('set-cookie', ['ours=1', 'more=2'])
        response.setHeader('vary', 'Accept')
        response.setHeader('x-own', 'ours')
      },
      { middleware },
    )
    const { headers } = await fetch(url)
    expect(headers.getSetCookie()).to.deep.equal(['theirs=1', 'ours=1', 'more=2'])
    expect(headers.get('vary')).to.equal('Origin, Accept')
    expect(headers.get('x-own')).to.equal('ours')
  })

  it('keeps the execution, even when a middleware calls back from a socket event', async () => {
    const middleware: Middleware[] = [(req, _res, next) => void req.on('end', () => next()).resume()]
    const url = await serve((_request, response) => void (response.body = String(currentExecution()?.requestId)), { middleware })
    const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000), headers: { 'x-request-id': 'kept' } })
    expect(await answer.text()).to.equal('kept')
  })
})

describe('something mounted', () => {
  afterEach(stopServing)

  it('sees the path below, however the client has written what is above', async () => {
    const mount: Middleware = (req, res) => void res.end(`${(req as { baseUrl?: string }).baseUrl} ${req.url}`)
    const router = { find: () => ({ mount, at: '/admin/panel' }) }
    const url = await serve(() => {}, { router })
    const seen = async (target: string) => (await sendRaw(url, `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)).split('\r\n\r\n')[1]
    for (const target of ['/admin/panel/a?b=/c', '//admin///panel/a?b=/c', 'http://evil.example/admin/panel/a?b=/c'])
      expect(await seen(target), target).to.equal('/admin/panel /a?b=/c')
    expect(await seen('/admin/panel//a')).to.equal('/admin/panel //a')
    expect(await seen('http://evil.example/admin/panel?b')).to.equal('/admin/panel /?b')
  })
})

describe('the header of the time that an answer took', () => {
  afterEach(stopServing)

  it('is sent with answers of endpoints and of middleware', async () => {
    const middleware = [runtimeHeader()]
    const url = await serve((_request, response) => void (response.body = 'x'), { middleware })
    for (const path of ['/', '/nowhere']) expect((await fetch(url + path)).headers.get('x-runtime')).to.match(/^\d+\.\d{6}$/)
  })
})
