/** Waits until the clock has gone on by more than so many milliseconds. A timer alone may be too early: it counts from when the event loop
 * last looked at the time, which is a while ago on a busy machine.
 */
export async function timePasses(milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds
  while (Date.now() <= end) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Does something so many seconds from now, by what `Date.now()` says. */
export async function later<T>(seconds: number, work: () => T): Promise<Awaited<T>> {
  const { now } = Date
  Date.now = () => now() + seconds * 1000
  try {
    return await work()
  } finally {
    Date.now = now
  }
}
