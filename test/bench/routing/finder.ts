import { routers } from './routers.ts'
import { lookupsIn, tableOf } from './work.ts'

// A process of its own for each contender and table: `finder.ts NAME SIZE`. Sent a number of seconds, it answers with what it did in them.
const [name = '', size = ''] = process.argv.slice(2)
const table = tableOf(Number(size))
const lookups = lookupsIn(table)
const find = await routers[name]!(table)
const missing = lookups.find(({ method, path }) => !find(method, path))
if (missing !== undefined) throw new Error(`${name} finds no route for ${missing.method} ${missing.path}.`)

process.on('message', (seconds: number) => {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const end = start + BigInt(Math.round(seconds * 1e9))
  let operations = 0
  while (process.hrtime.bigint() < end) {
    // A table of Express's takes a while for all of them: the clock is asked more often than once a round.
    for (let i = 0; i < 256; i++) {
      const { method, path } = lookups[(operations + i) & 4095]!
      find(method, path)
    }
    operations += 256
  }
  const took = Number(process.hrtime.bigint() - start) / 1e9
  const { user, system } = process.cpuUsage(cpu)
  process.send!({ operations, seconds: took, cpuSeconds: (user + system) / 1e6 })
})
process.send!('ready')
