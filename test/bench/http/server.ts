import { startExpress } from './servers/express.ts'
import { startFastify } from './servers/fastify.ts'
import { startNode } from './servers/node.ts'
import { startRegauge } from './servers/regauge.ts'

const servers: Readonly<Record<string, (routes: number) => Promise<number>>> = {
  'node:http': startNode,
  'Express 5': startExpress,
  'Fastify 5': (routes) => startFastify(routes),
  'Fastify 5, id and context': (routes) => startFastify(routes, { context: true }),
  'Fastify 5, id, context, log': (routes) => startFastify(routes, { context: true, log: true }),
  Regauge: (routes) => startRegauge(routes, 'plain', false),
  'Regauge, log': (routes) => startRegauge(routes, 'plain', true),
  'Regauge, log, Rails headers': (routes) => startRegauge(routes, 'rails', true),
}

const [name = '', routes = '1'] = process.argv.slice(2)

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!((user + system) / 1e6)
})
process.send!(await servers[name]!(Number(routes)))
