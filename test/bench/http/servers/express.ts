import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type express from 'express'
import { importPeer } from '../../measuring/peers.ts'
import { filtersOf, type Scenario } from '../scenario.ts'
import { recordFor, resourceNames, shownFor } from '../work.ts'

/** Express 5 as it comes, with its own router and JSON parser. */
export async function startExpress(scenario: Scenario): Promise<number> {
  const peer = await importPeer<typeof express>('express')
  const app = peer()
  app.use(peer.json())
  for (const filter of filtersOf(scenario)) {
    app.use((req, _res, next) => {
      filter(req as { filtered?: number })
      next()
    })
  }
  for (const name of resourceNames(scenario)) {
    app.get(`/api/${name}/:id`, (req, res) => void res.json(shownFor(req.params['id']!, scenario)))
    app.post(`/api/${name}`, (req, res) => void res.json(recordFor(req.body.id)))
  }
  return listen(app)
}

/** Serves an Express application on a free port. */
export async function listen(app: express.Express): Promise<number> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
