import { importBuilt } from '../measuring/built.ts'
import type { MillionReport } from './million.ts'

const jobs = 1_000_000
const perCall = 1000
const [task, state, directory = ''] = process.argv.slice(2)
const { EmbeddedBackend } = await importBuilt<typeof import('../../../src/jobs/index.ts')>('src/jobs/index.ts')
const data = { arguments: [1, 'x'.repeat(80)] }
if (JSON.stringify(data).length !== 100) throw new Error('The data of a job are not 100 bytes.')

const before = measureMemory()
const start = performance.now()
const backend = new EmbeddedBackend({ directory, durability: 'interval' })
const seconds = (performance.now() - start) / 1000
if (task === 'add') await addAll()
if ((await backend.counts())[state as 'waiting' | 'delayed'] !== jobs) throw new Error('Jobs are missing.')
const after = measureMemory()
const report: MillionReport = {
  seconds,
  heapBytes: Math.round((after.heap - before.heap) / jobs),
  residentBytes: Math.round((after.resident - before.resident) / jobs),
}
await backend.close()
process.send!(report)
process.disconnect()

async function addAll(): Promise<void> {
  const later = Date.now() + 24 * 3_600_000
  for (let added = 0; added < jobs; added += perCall) {
    // Spread over a quarter of an hour, in no order.
    const runAt = (index: number) => (state === 'delayed' ? later + (((added + index) * 7919) % 1_000_003) : undefined)
    await backend.add(Array.from({ length: perCall }, (_, index) => ({ queue: 'default', name: 'Example', data, runAt: runAt(index) })))
  }
}

function measureMemory(): { heap: number; resident: number } {
  for (let times = 0; times < 3; times++) globalThis.gc!()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}
