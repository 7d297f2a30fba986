import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, shownFor } from '../work.ts'

/** Plain `node:http`: no routing at all, the same filters called one after the other, one `writeHead` and one `end`. */
export async function startNode(scenario: Scenario): Promise<number> {
  const filters = filtersOf(scenario)
  const server = createServer((req, res) => {
    for (const filter of filters) filter(req as { filtered?: number })
    if (req.method === 'POST') readBody(req, res)
    else answer(res, shownFor(req.url!.slice(req.url!.lastIndexOf('/') + 1), scenario))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function readBody(req: IncomingMessage, res: ServerResponse): void {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => answer(res, recordFor(JSON.parse(Buffer.concat(chunks).toString('utf8')).id)))
}

function answer(res: ServerResponse, record: unknown): void {
  const body = JSON.stringify(record)
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}
