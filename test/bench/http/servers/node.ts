import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { recordFor } from '../work.ts'

/** Plain `node:http`: no routing at all, one `writeHead` and one `end`. */
export async function startNode(): Promise<number> {
  const server = createServer((req, res) => {
    if (req.method === 'POST') readBody(req, res)
    else answer(res, recordFor(req.url!.slice(req.url!.lastIndexOf('/') + 1)))
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
