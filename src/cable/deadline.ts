/** Waits for `work`, but not longer than `milliseconds`: then `giveUp` is called, and what it ends gets one more turn of the event loop. */
export async function withDeadline(work: Promise<unknown>, milliseconds: number, giveUp: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      giveUp()
      setImmediate(resolve)
    }, milliseconds)
  })
  await Promise.race([work, deadline])
  clearTimeout(timer)
}
