import { setTimeout } from 'node:timers/promises'
import { type BackPressureOptions, QueueFull } from '../../src/jobs/index.ts'

const lookMilliseconds = 50

/** Waits while too many jobs do.
 *
 * @param backlog how many jobs wait
 * @throws QueueFull (REGAUGE_QUEUE_FULL) when it took too long
 */
export async function waitForRoom(options: BackPressureOptions, backlog: () => Promise<number>): Promise<void> {
  const { highWater, lowWater = Math.floor(highWater * 0.75), timeout = 10_000 } = options
  if ((await backlog()) < highWater) return
  for (const until = Date.now() + timeout; Date.now() < until; ) {
    await setTimeout(lookMilliseconds)
    if ((await backlog()) <= lowWater) return
  }
  throw new QueueFull({ limit: highWater, timeout })
}
