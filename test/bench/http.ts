import { serverContender } from './http/contender.ts'
import type { Scenario } from './http/scenario.ts'
import { getRequests, postRequests } from './http/work.ts'
import { buildSources } from './measuring/built.ts'
import { installPeers } from './measuring/peers.ts'
import type { Case, Room } from './measuring/room.ts'

const peers = {
  express: '5.3.0',
  fastify: '5.12.8',
  hono: '4.13.19',
  '@hono/node-server': '2.1.9',
  koa: '3.3.0',
  '@koa/router': '15.7.0',
  'koa-bodyparser': '4.4.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/common': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  '@adonisjs/http-server': '7.8.1',
  '@adonisjs/application': '8.4.2',
  '@adonisjs/encryption': '6.0.2',
  '@adonisjs/events': '9.0.2',
  '@adonisjs/logger': '6.0.7',
  '@adonisjs/fold': '10.2.1',
  '@adonisjs/config': '5.0.3',
  '@adonisjs/bodyparser': '10.1.5',
}

const everybody = [
  'node:http',
  'node:http, same work',
  'Express 5',
  'Fastify 5',
  'Fastify 5, schema',
  'Fastify 5, same work',
  'Hono 4',
  'Koa 3',
  'NestJS 12 on Express',
  'NestJS 12 on Fastify',
  'AdonisJS 7',
  'Regauge',
  'Fastify 5, same work, log',
  'Regauge, log',
  'Regauge, log, Rails headers',
]
const inExpress = ['node:http', 'node:http, same work', 'Express 5', 'Regauge in Express 5', 'Regauge']

/** Requests a second over keep-alive connections, server and load in processes of their own. */
const http: Room = {
  title: 'HTTP',
  notes: [
    'All answer the same JSON with Content-Type and Content-Length. Express and Koa come with an ETag or without as they do.',
    'node:http has no routes. Regauge always has an AsyncLocalStorage around a request, sends X-Request-Id, and Vary where the answer depends on Accept;',
    'Fastify 5 as it comes has none of them. "Same work" gives them to Fastify and node:http; node:http then also reads the path, the query and the',
    'parameters by hand, with a look-up for its routes, and refuses what is malformed. "Schema" writes JSON by a schema. "Log" writes the request log',
    'as JSON to nowhere: one line of Regauge, two of Fastify. "Rails headers" are the five of Rails, Cache-Control and an ETag.',
  ],
  async cases() {
    installPeers(peers)
    buildSources()
    return [
      caseOf('1 route', { routes: 1 }, getRequests),
      caseOf('500 routes', { routes: 500 }, getRequests),
      caseOf('POST of 1 KB JSON', { routes: 500 }, postRequests),
      caseOf('ten filters', { routes: 1, filters: 10 }, getRequests),
      caseOf('list of 100 records', { routes: 1, list: true }, getRequests),
      caseOf('mounted in Express, 1 route', { routes: 1 }, getRequests, inExpress),
      caseOf('mounted in Express, 500 routes', { routes: 500 }, getRequests, inExpress),
    ]
  },
}

export default http

function caseOf(name: string, scenario: Scenario, requests: (scenario: Scenario) => readonly Buffer[], names = everybody): Case {
  return {
    name,
    unit: 'requests',
    baseline: 'node:http',
    contenders: names.map((one) => serverContender(one, scenario, requests(scenario))),
  }
}
