import type { Scenario, StartServer } from './scenario.ts'
import { startAdonis } from './servers/adonis.ts'
import { startExpress } from './servers/express.ts'
import { startFastify } from './servers/fastify.ts'
import { startHono } from './servers/hono.ts'
import { startKoa } from './servers/koa.ts'
import { startNest } from './servers/nest.ts'
import { startNode, startNodeWithSameWork } from './servers/node.ts'
import { startMounted, startRegauge } from './servers/regauge.ts'

const servers: Readonly<Record<string, StartServer>> = {
  'node:http': startNode,
  'node:http, same work': startNodeWithSameWork,
  'Express 5': startExpress,
  'Fastify 5': (scenario) => startFastify(scenario),
  'Fastify 5, schema': (scenario) => startFastify(scenario, { schema: true }),
  'Fastify 5, same work': (scenario) => startFastify(scenario, { context: true }),
  'Fastify 5, same work, log': (scenario) => startFastify(scenario, { context: true, log: true }),
  'Hono 4': startHono,
  'Koa 3': startKoa,
  'NestJS 12 on Express': (scenario) => startNest(scenario, 'express'),
  'NestJS 12 on Fastify': (scenario) => startNest(scenario, 'fastify'),
  'AdonisJS 7': startAdonis,
  Regauge: (scenario) => startRegauge(scenario, 'plain', false),
  'Regauge in Express 5': startMounted,
  'Regauge, log': (scenario) => startRegauge(scenario, 'plain', true),
  'Regauge, log, Rails headers': (scenario) => startRegauge(scenario, 'rails', true),
}

const [name = '', scenario = '{}'] = process.argv.slice(2)

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!((user + system) / 1e6)
})
process.send!(await servers[name]!(JSON.parse(scenario) as Scenario))
