import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from './request/request.ts'
import type { Response } from './response/response.ts'

/** What a route leads to: a compiled action, a redirect. Returns a promise only when there is something to wait for. */
export type Endpoint = (request: Request, response: Response) => void | Promise<void>

/** Looks at a request before everything else; true when it has answered it. */
export type Guard = (request: Request, response: Response) => boolean

/** Calls the next middleware, or the error handling when given an error. */
export type Next = (error?: unknown) => void

/** A middleware as Express knows them: one that is typed with Express' own requests and responses fits too. */
export type Middleware = Bivariant<[req: IncomingMessage, res: ServerResponse, next: Next]>

/** A middleware that is handed errors: told from others by its four parameters, as in Express. */
export type ErrorMiddleware = Bivariant<[error: unknown, req: IncomingMessage, res: ServerResponse, next: Next]>

// Parameters of methods may be subtypes, those of functions may not.
type Bivariant<Parameters extends unknown[]> = { call(...parameters: Parameters): unknown }['call']

/** What a request was routed to: an endpoint, or something mounted (which answers by itself, or calls `next`). */
export interface Routed {
  readonly endpoint?: Endpoint | undefined
  readonly mount?: Middleware | undefined
  /** The part of the path that led to the mount; it sees the rest as its own path. */
  readonly at?: string | undefined
  /** What the request goes on to when the mount passes it on: what a later route leads to. */
  readonly otherwise?: (() => Routed | null) | undefined
}

/** Finds what answers a request, and writes `request.pathParameters`. The application implements it over its routes. */
export interface Router {
  find(request: Request): Routed | null
}

/** Turns an error that nobody rescued into a response. */
export interface ErrorRenderer {
  render(error: unknown, request: Request, response: Response): void
  /** Told of an error that came too late for a response of its own. */
  report?(error: unknown, request: Request): void
}
