import { startExpress } from './servers/express.ts'
import { startFastify } from './servers/fastify.ts'
import { startNode } from './servers/node.ts'
import { startRegauge } from './servers/regauge.ts'

const servers: Readonly<Record<string, (routes: number) => Promise<number>>> = {
  'node:http': startNode,
  'Express 5': startExpress,
  'Fastify 5': startFastify,
  Regauge: startRegauge,
}

const [name = '', routes = '1'] = process.argv.slice(2)

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!((user + system) / 1e6)
})
process.send!(await servers[name]!(Number(routes)))
