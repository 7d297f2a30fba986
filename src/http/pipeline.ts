import type { IncomingMessage, ServerResponse } from 'node:http'
import { currentExecution, hasExecutionEnd, runExecution } from '../context/index.ts'
import { BadRequest, MethodNotAllowed, RouteNotFound } from './errors.ts'
import { applyMethodOverride, isKnownMethod, knownMethods } from './request/methods.ts'
import { runMiddleware, takesErrors } from './middleware/middleware_run.ts'
import { runMount } from './middleware/mounting.ts'
import { waitForTurn } from './pipelined.ts'
import type { Endpoint, ErrorRenderer, Guard, Middleware, Next, Routed, Router } from './ports.ts'
import { Request } from './request/request.ts'
import { type RequestOptions, type RequestSettings, requestOptions, type StateSettings } from './request/request_options.ts'
import { endWithAnswer, holdEnd } from './request_end.ts'
import { observeRequest, requestEvents } from './request_events.ts'
import { Response } from './response/response.ts'
import { deleteWhenSent } from './body/uploaded_file.ts'
import { validate } from './response/validators.ts'

/** Told when a request has been answered (or its client has gone), for the request log. The status sent is `response.raw.statusCode`;
 * `request.error` is what nobody rescued. */
export type RequestObserver = (request: Request, response: Response, startedAt: number) => void

/** What a pipeline is made of. */
export interface PipelineOptions {
  readonly router: Router
  readonly errors: ErrorRenderer
  /** Asked before everything else, in this order, until one has answered. */
  readonly guards?: readonly Guard[]
  /** Run before the router, in this order; those that take errors (four parameters) also get what nobody rescued behind it. */
  readonly middleware?: readonly Middleware[]
  /** Sends files before the router is asked: one of the middleware, which a mounted pipeline runs for requests that no route fits. */
  readonly files?: Middleware
  /** Whether errors that nobody rescued go to `next` where there is one, instead of being answered here. Default false. */
  readonly passesErrors?: boolean
  /** Settings of reading requests. */
  readonly request?: RequestSettings
  /** Cookies, sessions, and the secret that protects them. */
  readonly state?: StateSettings
  /** What `currentExecution()` holds during a request, beside the request id. */
  readonly context?: { readonly application?: object }
  /** Called once the response has been handed over (or the client is gone); `startedAt` is `performance.now()` at the start. */
  readonly onFinish?: RequestObserver
}

/** The way of a request: middleware stack → router → endpoint → response. The same in our own server and inside of Express. */
export class Pipeline {
  readonly #router: Router
  readonly #errors: ErrorRenderer
  readonly #guards: readonly Guard[]
  readonly #middleware: readonly Middleware[]
  readonly #errorMiddleware: readonly Middleware[]
  readonly #files: Middleware | undefined
  readonly #passesErrors: boolean
  readonly #request: RequestOptions
  readonly #headers: readonly string[]
  readonly #application: object | undefined
  readonly #onFinish: RequestObserver | undefined

  constructor(options: PipelineOptions) {
    this.#router = options.router
    this.#errors = options.errors
    this.#guards = options.guards ?? []
    this.#middleware = options.middleware ?? []
    this.#errorMiddleware = this.#middleware.filter(takesErrors)
    this.#files = options.files
    this.#passesErrors = options.passesErrors ?? false
    this.#request = requestOptions(options.request, options.state)
    this.#headers = Object.entries(this.#request.defaultHeaders).flatMap(([name, value]) => [name.toLowerCase(), value])
    this.#application = options.context?.application
    this.#onFinish = options.onFinish
  }

  /** What requests of this pipeline are read with. */
  get requestOptions(): RequestOptions {
    return this.#request
  }

  /** Answers a request. Given `next` (as Express gives it), leaves requests that no route fits to it, untouched. */
  readonly handle = (req: IncomingMessage, res: ServerResponse, next?: Next): void => {
    if (res.socket === null && !waitForTurn(req, res)) return
    const request = new Request(req, this.#request)
    const { requestId } = request
    const response = new Response(res, this.#headers, requestId)
    runExecution({ application: this.#application, requestId, request }, () => this.#start(request, response, next))
  }

  #start(request: Request, response: Response, next: Next | undefined): void {
    const routed = next === undefined ? undefined : this.#findOrPass(request)
    if (routed === null) {
      if (this.#files === undefined) next!()
      else runMiddleware([this.#files], request.raw, response.raw, next!)
      return
    }
    if (hasExecutionEnd()) endWithAnswer(response)
    if (requestEvents.isOn) observeRequest(request, response)
    if (this.#onFinish !== undefined) this.#observe(request, response, this.#onFinish)
    if (this.#guards.length > 0 && this.#isStopped(request, response, next)) return
    if (this.#middleware.length === 0) this.#dispatch(request, response, next, routed)
    else this.#passThrough(request, response, next)
  }

  #isStopped(request: Request, response: Response, next: Next | undefined): boolean {
    try {
      if (!this.#guards.some((guard) => guard(request, response))) return false
      response.commit()
    } catch (error) {
      this.#fail(error, request, response, next)
    }
    return true
  }

  #passThrough(request: Request, response: Response, next: Next | undefined): void {
    const execution = currentExecution()!
    runMiddleware(this.#middleware, request.raw, response.raw, (error) => {
      const proceed = () =>
        error === undefined ? this.#dispatch(request, response, next) : this.#answerError(error, request, response, next)
      // A middleware that listens to the socket's events calls back outside of the execution.
      if (currentExecution() === execution) proceed()
      else runExecution(execution, proceed)
    })
  }

  // What was routed before is routed again after middleware, which may have changed the path.
  #dispatch(request: Request, response: Response, next: Next | undefined, found?: Routed): void {
    try {
      if (this.#request.methodOverride && request.method === 'POST') this.#override(request, response, next)
      else this.#follow(found ?? this.#find(request), request, response, next)
    } catch (error) {
      this.#fail(error, request, response, next)
    }
  }

  #override(request: Request, response: Response, next: Next | undefined): void {
    this.#withBody(request, response, next, () => {
      applyMethodOverride(request)
      this.#follow(this.#find(request), request, response, next)
    })
  }

  #follow(routed: Routed | null, request: Request, response: Response, next: Next | undefined): void {
    if (routed === null) this.#unrouted(request, response, next)
    else if (routed.mount !== undefined) this.#followMount(routed, request, response, next)
    else if (request.isBodyThere) this.#answer(routed.endpoint!, request, response, next)
    else this.#answerWithBody(routed.endpoint!, request, response, next)
  }

  // Functions that close over a request are made in methods of their own: V8 would make room for what they close over in every request.
  #followMount(routed: Routed, request: Request, response: Response, next: Next | undefined): void {
    const execution = currentExecution()!
    runMount(routed.mount!, routed.at, request, response.raw, (error) => {
      const proceed = () => this.#follow(routed.otherwise?.() ?? null, request, response, next)
      if (error === undefined) runExecution(execution, () => this.#attempt(proceed, request, response, next))
      else this.#fail(error, request, response, next)
    })
  }

  #answerWithBody(endpoint: Endpoint, request: Request, response: Response, next: Next | undefined): void {
    this.#withBody(request, response, next, () => this.#answer(endpoint, request, response, next))
  }

  // Nothing from here to the commit makes a promise unless the endpoint does.
  #withBody(request: Request, response: Response, next: Next | undefined, proceed: () => void): void {
    const execution = currentExecution()!
    const isLoaded = request.receiveBody(() => {
      if (request.uploadedFiles.length > 0) deleteWhenSent(request.uploadedFiles, response.raw)
      runExecution(execution, () => this.#attempt(proceed, request, response, next))
    })
    if (isLoaded) proceed()
  }

  #attempt(proceed: () => void, request: Request, response: Response, next: Next | undefined): void {
    try {
      proceed()
    } catch (error) {
      this.#fail(error, request, response, next)
    }
  }

  #answer(endpoint: Endpoint, request: Request, response: Response, next: Next | undefined): void {
    const loading = request.isSessionPending ? request.loadSession() : undefined
    const answering = loading === undefined ? endpoint(request, response) : afterLoading(loading, endpoint, request, response)
    if (answering !== undefined && hasExecutionEnd()) holdEnd(response, answering)
    const finishing = answering === undefined ? this.#finish(request, response) : this.#finishAfter(answering, request, response)
    if (finishing !== undefined) this.#failWith(finishing, request, response, next)
  }

  #finishAfter(answering: Promise<void>, request: Request, response: Response): Promise<void> {
    return answering.then(() => this.#finish(request, response))
  }

  #failWith(finishing: Promise<void>, request: Request, response: Response, next: Next | undefined): void {
    finishing.catch((error) => this.#fail(error, request, response, next))
  }

  // Cookies are headers, and a session may have to be stored before they are known.
  #finish(request: Request, response: Response): void | Promise<void> {
    const saving = request.commitState(response)
    if (saving !== undefined) return this.#commitAfter(saving, request, response)
    this.#commit(request, response)
  }

  #commitAfter(saving: Promise<void>, request: Request, response: Response): Promise<void> {
    return saving.then(() => this.#commit(request, response))
  }

  #commit(request: Request, response: Response): void {
    if (typeof response.body === 'object') this.#watchStream(request, response)
    if (this.#request.etags && !response.isCommitted) validate(request, response)
    response.commit()
  }

  #watchStream(request: Request, response: Response): void {
    response.onStreamError = (error) => {
      request.error = error
      this.#errors.report?.(error, request)
    }
  }

  #find(request: Request): Routed | null {
    try {
      return this.#router.find(request)
    } catch (error) {
      if (error instanceof URIError) throw new BadRequest({ reason: 'invalid %-encoding in the path' }, { cause: error })
      throw error
    }
  }

  // A path that can't be decoded is none of ours.
  #findOrPass(request: Request): Routed | null {
    try {
      return this.#router.find(request)
    } catch {
      return null
    }
  }

  #unrouted(request: Request, response: Response, next: Next | undefined): void {
    const { method, path } = request
    if (next !== undefined) next()
    else if (isKnownMethod(method)) this.#fail(new RouteNotFound({ method, path }), request, response, next)
    else this.#fail(new MethodNotAllowed({ method, allowed: knownMethods }), request, response, next)
  }

  #fail(error: unknown, request: Request, response: Response, next: Next | undefined): void {
    request.error = error
    if (response.isCommitted) {
      this.#errors.report?.(error, request)
      // Half an answer is out; only a broken connection can tell the client.
      if (!response.raw.writableEnded) response.raw.destroy()
      return
    }
    response.reset()
    if (this.#errorMiddleware.length === 0) this.#answerError(error, request, response, next)
    else
      runMiddleware(
        this.#errorMiddleware,
        request.raw,
        response.raw,
        (passed = error) => this.#answerError(passed, request, response, next),
        error,
      )
  }

  // After the middleware that takes errors, which may have answered.
  #answerError(error: unknown, request: Request, response: Response, next: Next | undefined): void {
    request.error = error
    if (response.isCommitted) return
    if (next !== undefined && this.#passesErrors) {
      next(error)
      return
    }
    try {
      this.#errors.render(error, request, response)
      response.commit()
    } catch {
      response.raw.statusCode = 500
      response.raw.end()
    }
  }

  #observe(request: Request, response: Response, observer: RequestObserver): void {
    const startedAt = performance.now()
    // `once` would cost a wrapper. Of a request that waited for its turn Node.js 24 may tell twice.
    let isOver = false
    response.raw.on('close', () => {
      if (isOver) return
      isOver = true
      try {
        observer(request, response, startedAt)
      } catch (error) {
        // Nobody is above an event; what fails here must not end the process.
        this.#errors.report?.(error, request)
      }
    })
  }
}

function afterLoading(loading: Promise<void>, endpoint: Endpoint, request: Request, response: Response): Promise<void> {
  return loading.then(() => endpoint(request, response))
}
