import type { Figure } from '../measuring/figures.ts'
import type { JobSystem, Opening } from './system.ts'

const perSecond = 200
const roundSeconds = 2
const rounds = 5
const concurrency = 50

/** From the call that enqueues a job until it begins to be performed, in the same process, with a queue that is otherwise empty: jobs come at a steady
 * rate, the systems by turns.
 * @param systems by name */
export async function untilPerformed(systems: Readonly<Record<string, Opening>>): Promise<Figure[]> {
  const figures: Figure[] = []
  const measured: { readonly name: string; readonly system: JobSystem; readonly latencies: number[] }[] = []
  for (const [name, open] of Object.entries(systems)) {
    const system = await open()
    if (typeof system === 'string') process.stderr.write(`${name}: ${system}\n`)
    else measured.push({ name, system, latencies: [] })
  }
  for (let round = -1; round < rounds; round++) {
    for (const { system, latencies } of measured) {
      const found = await measure(system)
      if (round >= 0) latencies.push(...found)
    }
  }
  for (const { name, system, latencies } of measured) {
    await system.stop()
    latencies.sort((a, b) => a - b)
    for (const percent of [50, 99]) {
      const value = latencies[Math.floor((latencies.length * percent) / 100)]!
      figures.push({ name: `${name}, p${percent}`, value, unit: 'ms' })
    }
  }
  return figures
}

async function measure(system: JobSystem): Promise<number[]> {
  const count = perSecond * roundSeconds
  const latencies: number[] = []
  const begun: number[] = []
  let done = () => {}
  const finished = new Promise<void>((resolve) => (done = resolve))
  const end = await system.work(concurrency, (number) => {
    latencies.push(performance.now() - begun[number]!)
    if (latencies.length === count) done()
  })
  const start = performance.now()
  for (let number = 0; number < count; number++) {
    const wait = start + (number * 1000) / perSecond - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    begun[number] = performance.now()
    void system.add(number)
  }
  await finished
  await end()
  return latencies
}
