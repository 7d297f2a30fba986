import type { Measurement, Running } from '../measuring/room.ts'
import { closedLoop, secondsOf } from './closed_loop.ts'

/** A queue of jobs, and who performs them, as a peer or we have them: what is measured is the same for all. */
export interface JobSystem {
  /** Enqueues a job that carries a number; resolves when the system says that it is stored. */
  add(number: number): Promise<unknown>
  /** Enqueues many in the quickest way there is. */
  addMany(count: number): Promise<unknown>
  /** Performs jobs, `concurrency` at a time, by calling a function with the number of each.
   * @returns what ends that */
  work(concurrency: number, perform: (number: number) => void): Promise<() => Promise<unknown>>
  stop(): Promise<void>
}

/** Opens a system; answers with the reason where it can't run here. */
export type Opening = () => Promise<JobSystem | string>

/** Enqueueing, so many at a time. */
export async function enqueueing(open: Opening, inFlight: number): Promise<Running | string> {
  const system = await open()
  if (typeof system === 'string') return system
  return { measure: (seconds) => closedLoop(inFlight, seconds, () => system.add(42)), stop: () => system.stop() }
}

/** Performing of jobs that do nothing, from a queue that was filled before: from when the first begins.
 * @param perSecond about how many it performs a second */
export async function processing(open: Opening, concurrency: number, perSecond: number): Promise<Running | string> {
  const system = await open()
  if (typeof system === 'string') return system
  const measure = async (seconds: number): Promise<Measurement> => {
    const count = Math.ceil(seconds * perSecond)
    for (let added = 0; added < count; added += 1000) await system.addMany(Math.min(1000, count - added))
    let left = count
    let done = () => {}
    const finished = new Promise<void>((resolve) => (done = resolve))
    let start = 0
    let cpu = process.cpuUsage()
    const end = await system.work(concurrency, () => {
      if (left === count) [start, cpu] = [performance.now(), process.cpuUsage()]
      if (--left === 0) done()
    })
    await finished
    const took = (performance.now() - start) / 1000
    const cpuSeconds = secondsOf(process.cpuUsage(cpu))
    await end()
    return { operations: count, seconds: took, cpuSeconds }
  }
  return { measure, stop: () => system.stop() }
}
