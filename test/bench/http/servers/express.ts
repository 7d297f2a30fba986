import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type express from 'express'
import { importPeer } from '../../measuring/peers.ts'
import { recordFor, resourceNames } from '../work.ts'

/** Express 5 as it comes, with its own JSON parser. */
export async function startExpress(routes: number): Promise<number> {
  const peer = await importPeer<typeof express>('express')
  const app = peer()
  app.use(peer.json())
  for (const name of resourceNames(routes)) {
    app.get(`/api/${name}/:id`, (req, res) => void res.json(recordFor(req.params['id']!)))
    app.post(`/api/${name}`, (req, res) => void res.json(recordFor(req.body.id)))
  }
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
