import type { Request, Response, ResponseHeaders } from '../http/index.ts'
import { Parameters } from './parameters/index.ts'
import { type Status, statusCode } from './statuses.ts'
import { parametersOf } from './wrapped_parameters.ts'

/** What every controller is made of: one instance a request, with the request, the response to be, and the parameters. */
export abstract class Metal {
  readonly request: Request
  readonly response: Response
  /** The name of the action that the route asked for. */
  readonly actionName: string
  #params: Parameters | undefined

  constructor(request: Request, response: Response, actionName: string) {
    this.request = request
    this.response = response
    this.actionName = actionName
  }

  /** The controller that the route asked for: `articles`, without the namespace. */
  get controllerName(): string {
    return this.controllerPath.slice(this.controllerPath.lastIndexOf('/') + 1)
  }

  /** The controller that the route asked for with its namespace: `admin/articles`. */
  get controllerPath(): string {
    return String(this.request.pathParameters['controller'] ?? '')
  }

  /** Query, body and path parameters, none of them permitted yet. */
  get params(): Parameters {
    return (this.#params ??= new Parameters(parametersOf(this)))
  }

  /** The headers of the response.
   * @example this.headers['X-Robots-Tag'] = 'none'
   */
  get headers(): ResponseHeaders {
    return this.response.headers
  }

  /** Whether the answer has been decided: rendered, redirected, or sent by other means. */
  get isPerformed(): boolean {
    return this.response.body !== undefined || this.response.isCommitted
  }

  /** The status the response will have. */
  get status(): number {
    return this.response.status
  }

  set status(status: Status) {
    this.response.status = statusCode(status)
  }
}
