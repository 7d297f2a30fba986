/** Waits until the clock has gone on by more than so many milliseconds. A timer alone may be too early: it counts from when the event loop
 * last looked at the time, which is a while ago on a busy machine.
 */
export async function timePasses(milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds
  while (Date.now() <= end) await new Promise((resolve) => setTimeout(resolve, 1))
}
