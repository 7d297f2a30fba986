import { type ClientRequest, createServer, get, type IncomingMessage, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import compression from 'compression'
import express from 'express'
import { mountPipeline } from '../../adapters/express/index.ts'
import { compileAction, type ControllerClass } from '../../src/controller/index.ts'
import { ApiErrorRenderer, Pipeline, Server } from '../../src/http/index.ts'

/** A controller served by one of the hosts, for clients that read at their own pace. */
export interface Host {
  readonly url: string
  /** Errors that nobody rescued and that are ours. */
  readonly reported: unknown[]
  /** Ends the server, within a second. */
  close(): Promise<void>
}

/** The two hosts: our own server, and an Express application that we are mounted in, with a middleware that writes what we write. */
export const hosts: Readonly<Record<string, (pipeline: Pipeline) => Promise<Omit<Host, 'reported'>>>> = {
  'our own server': async (pipeline) => {
    const server = new Server(pipeline)
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
    return { url: `http://127.0.0.1:${port}`, close: () => server.close({ timeout: 1000 }) }
  },
  'an Express application that compresses': async (pipeline) => {
    const application = express()
      .use(compression({ threshold: 0 }))
      .use(mountPipeline(pipeline))
    const server = createServer(application).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const close = async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
  },
}

/** Serves a controller in a host: every path `/<action>` leads to an action. */
export async function host(name: string, controller: ControllerClass, actions: readonly string[]): Promise<Host> {
  const reported: unknown[] = []
  const endpoints = new Map(actions.map((action) => [`/${action}`, compileAction(controller, action)]))
  const pipeline = new Pipeline({
    errors: new ApiErrorRenderer({ details: false, report: (error) => reported.push(error) }),
    router: {
      find({ path }) {
        const endpoint = endpoints.get(path)
        return endpoint === undefined ? null : { endpoint }
      },
    },
  })
  return { reported, ...(await hosts[name]!(pipeline)) }
}

/** A request whose body nobody reads until it is asked for. */
export async function open(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const request = get(url, { headers, agent: false })
  request.on('error', () => {}) // a test that leaves breaks it
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  return { request, response }
}

/** The status and headers that HEAD gets. */
export async function head(url: string): Promise<IncomingMessage> {
  const request = httpRequest(url, { method: 'HEAD', agent: false }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

/** The rest of a body, as text. */
export async function rest(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response) text += String(piece)
  return text
}

/** The next piece of a body. */
export async function piece(response: IncomingMessage): Promise<string> {
  for (;;) {
    const read: Buffer | null = response.read()
    if (read !== null) return read.toString()
    await once(response, 'readable')
  }
}

/** Resolves when a body is over, in whatever way. */
export function closed(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => response.once('close', resolve))
}

/** Something that is told later. */
export function later<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
