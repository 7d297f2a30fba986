import type { Measurement } from '../measuring/room.ts'

/** Keeps so many operations in flight for some seconds. CPU time is that of this process. */
export async function closedLoop(inFlight: number, seconds: number, operation: () => Promise<unknown>): Promise<Measurement> {
  let operations = 0
  const start = performance.now()
  const end = start + seconds * 1000
  const cpu = process.cpuUsage()
  const loop = async () => {
    while (performance.now() < end) {
      await operation()
      operations++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  return { operations, seconds: (performance.now() - start) / 1000, cpuSeconds: secondsOf(process.cpuUsage(cpu)) }
}

/** Seconds of processor time. */
export function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6
}
