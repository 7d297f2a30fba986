import { expect } from 'chai'
import { currentExecution } from '../../src/context/index.ts'
import { type Middleware, MiddlewareStack, UnknownMiddleware } from '../../src/http/index.ts'
import { serve, stopServing } from './serving.ts'

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
