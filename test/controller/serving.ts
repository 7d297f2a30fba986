import { compileAction, type ControllerClass } from '../../src/controller/index.ts'
import { ApiErrorRenderer, Pipeline, Server } from '../../src/http/index.ts'

/** A server whose every path `/<action>` leads to an action of one controller. */
export interface Serving {
  /** Requests an action; a query may follow its name, an object is sent as JSON. */
  get(target: string, init?: RequestInit): Promise<Answer>
  post(target: string, body: unknown, init?: RequestInit): Promise<Answer>
  /** Errors that nobody rescued and that are ours. */
  readonly reported: unknown[]
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body read as JSON. */
  readonly json: never
}

/** Serves a controller over HTTP on a free port. */
export async function serve(controller: ControllerClass, actions: readonly string[]): Promise<Serving> {
  const reported: unknown[] = []
  const endpoints = new Map(actions.map((action) => [`/${action}`, compileAction(controller, action)]))
  const pipeline = new Pipeline({
    errors: new ApiErrorRenderer({ details: false, report: (error) => reported.push(error) }),
    router: {
      find(request) {
        const endpoint = endpoints.get(request.path)
        return endpoint === undefined ? null : { endpoint }
      },
    },
  })
  const server = new Server(pipeline)
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  const request = async (target: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/${target}`, { redirect: 'manual', ...init })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (/\/json|\+json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined) as never,
    }
  }
  return {
    reported,
    get: request,
    post: (target, body, init = {}) =>
      request(target, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' }, ...init }),
    close: () => server.close({ timeout: 1000 }),
  }
}
