import type { Measurement } from '../measuring/room.ts'

/** So long it runs before it is measured: who has rested for a while has given memory back, and takes it again page by page. */
const warmUpSeconds = 0.3

/** Keeps so many operations in flight for some seconds. CPU time is that of this process. */
export async function closedLoop(inFlight: number, seconds: number, operation: () => Promise<unknown>): Promise<Measurement> {
  await keepInFlight(inFlight, warmUpSeconds, operation)
  const start = performance.now()
  const cpu = process.cpuUsage()
  const operations = await keepInFlight(inFlight, seconds, operation)
  return { operations, seconds: (performance.now() - start) / 1000, cpuSeconds: secondsOf(process.cpuUsage(cpu)) }
}

async function keepInFlight(inFlight: number, seconds: number, operation: () => Promise<unknown>): Promise<number> {
  let operations = 0
  const end = performance.now() + seconds * 1000
  const loop = async () => {
    while (performance.now() < end) {
      await operation()
      operations++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  return operations
}

/** Seconds of processor time. */
export function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6
}
