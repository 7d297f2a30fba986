import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

/** Plain `node:http`: no routing at all, the same filters called one after the other, one `writeHead` and one `end`. */
export async function startNode(scenario: Scenario): Promise<number> {
  const filters = filtersOf(scenario)
  return listen((req, res) => {
    for (const filter of filters) filter(req as { filtered?: number })
    if (req.method !== 'POST') answer(res, shownFor(req.url!.slice(req.url!.lastIndexOf('/') + 1), scenario), {})
    else readBody(req, (body) => answer(res, recordFor(JSON.parse(body).id), {}))
  })
}

/** The same with what ours does for every request, written by hand for these routes: an id, the client's or a new one, that is sent back and that an
 * AsyncLocalStorage knows, the query and the route's parameters, 404, 405, 413, 415 and 400 where they are due, JSON that may stand in HTML, and
 * `Vary`, since the answer depends on Accept.
 */
export async function startNodeWithSameWork(scenario: Scenario): Promise<number> {
  const filters = filtersOf(scenario)
  const names = new Set(resourceNames(scenario))
  const storage = new AsyncLocalStorage<{ requestId: string; request: IncomingMessage }>()
  const route = (req: IncomingMessage, res: ServerResponse, headers: OutgoingHttpHeaders) => {
    const url = req.url!
    const question = url.indexOf('?')
    const path = question < 0 ? url : url.slice(0, question)
    const query = question < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(question + 1)))
    const slash = path.indexOf('/', prefix.length)
    const name = slash < 0 ? path.slice(prefix.length) : path.slice(prefix.length, slash)
    if (!path.startsWith(prefix) || !names.has(name)) return refuse(res, 404, headers)
    for (const filter of filters) filter(req as { filtered?: number })
    if (slash > 0 && req.method === 'GET') {
      const params = { ...query, id: decodeURIComponent(path.slice(slash + 1)) }
      return answerSafely(res, shownFor(params.id, scenario), headers)
    }
    if (slash > 0 || req.method !== 'POST') return refuse(res, 405, headers)
    if (!req.headers['content-type']?.startsWith('application/json')) return refuse(res, 415, headers)
    if (Number(req.headers['content-length']) > limit) return refuse(res, 413, headers)
    const answerBody = (body: string) => {
      let params: { id?: unknown }
      try {
        params = { ...JSON.parse(body), ...query }
      } catch {
        return refuse(res, 400, headers)
      }
      answerSafely(res, recordFor(String(params.id)), headers)
    }
    // The events of a body come outside of the request's context.
    const context = storage.getStore()!
    readBody(req, (body) => storage.run(context, answerBody, body))
  }
  return listen((req, res) => {
    const requestId = (req.headers['x-request-id'] as string | undefined) ?? randomUUID()
    storage.run({ requestId, request: req }, () => {
      const headers = { 'x-request-id': requestId, vary: 'Accept' }
      try {
        route(req, res, headers)
      } catch {
        refuse(res, 500, headers)
      }
    })
  })
}

const prefix = '/api/'
const limit = 16 * 1024 * 1024

async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function readBody(req: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => done(Buffer.concat(chunks).toString('utf8')))
}

function answer(res: ServerResponse, record: unknown, headers: OutgoingHttpHeaders): void {
  send(res, JSON.stringify(record), headers)
}

function answerSafely(res: ServerResponse, record: unknown, headers: OutgoingHttpHeaders): void {
  send(
    res,
    JSON.stringify(record).replace(/[<>&]/g, (character) => escapes[character]!),
    headers,
  )
}

const escapes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }

function send(res: ServerResponse, body: string, headers: OutgoingHttpHeaders): void {
  res.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}

function refuse(res: ServerResponse, status: number, headers: OutgoingHttpHeaders): void {
  res.writeHead(status, headers).end()
}
