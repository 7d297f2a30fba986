import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, shownFor } from '../work.ts'

/** Plain `node:http`: no routing at all, the same filters called one after the other, one `writeHead` and one `end`.
 * @param hasContext whether it also does what ours does for every request: an id that is sent back and that an AsyncLocalStorage knows
 */
export async function startNode(scenario: Scenario, hasContext = false): Promise<number> {
  const filters = filtersOf(scenario)
  const serve = (req: IncomingMessage, res: ServerResponse, headers: OutgoingHttpHeaders): void => {
    for (const filter of filters) filter(req as { filtered?: number })
    if (req.method === 'POST') readBody(req, res, headers)
    else answer(res, shownFor(req.url!.slice(req.url!.lastIndexOf('/') + 1), scenario), headers)
  }
  const storage = new AsyncLocalStorage<{ requestId: string }>()
  const server = createServer((req, res) => {
    if (!hasContext) {
      serve(req, res, {})
      return
    }
    const requestId = randomUUID()
    storage.run({ requestId }, () => serve(req, res, { 'x-request-id': requestId }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function readBody(req: IncomingMessage, res: ServerResponse, headers: OutgoingHttpHeaders): void {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => answer(res, recordFor(JSON.parse(Buffer.concat(chunks).toString('utf8')).id), headers))
}

function answer(res: ServerResponse, record: unknown, headers: OutgoingHttpHeaders): void {
  const body = JSON.stringify(record)
  res.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}
