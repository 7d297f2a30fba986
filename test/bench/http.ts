import { serverContender } from './http/contender.ts'
import { getRequests, postRequests } from './http/work.ts'
import { buildSources } from './measuring/built.ts'
import { installPeers } from './measuring/peers.ts'
import type { Case, Room } from './measuring/room.ts'

const contenders = [
  'node:http',
  'Express 5',
  'Fastify 5',
  'Fastify 5, id and context',
  'Regauge',
  'Fastify 5, id, context, log',
  'Regauge, log',
  'Regauge, log, Rails headers',
]

/** Requests a second over keep-alive connections, server and load in processes of their own. */
const http: Room = {
  title: 'HTTP',
  notes: [
    'All answer the same JSON with Content-Type and Content-Length. Express adds an ETag.',
    'Regauge always has an AsyncLocalStorage around a request and sends X-Request-Id; node:http and Fastify 5 as it comes have neither,',
    '"id and context" gives Fastify both. "log" writes the request log as JSON to nowhere: one line of Regauge, two of Fastify.',
    '"Rails headers" are the five of Rails, Cache-Control and an ETag.',
  ],
  async cases() {
    installPeers({ express: '5.3.0', fastify: '5.12.8' })
    buildSources()
    return [
      caseOf('1 route', 1, getRequests(1)),
      caseOf('500 routes', 500, getRequests(500)),
      caseOf('POST of 1 KB JSON', 500, postRequests(500)),
    ]
  },
}

export default http

function caseOf(name: string, routes: number, requests: readonly Buffer[]): Case {
  return { name, unit: 'requests', baseline: 'node:http', contenders: contenders.map((one) => serverContender(one, routes, requests)) }
}
