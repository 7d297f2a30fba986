import { currentExecution } from '../../context/index.ts'

const streamsOf = new WeakMap<object, Set<() => void>>()

/** Notes a stream that never ends by itself, so that it can be ended when its server or application stops.
 *
 * @param server of the connection
 * @returns to be called when the stream is over
 */
export function streamUntilShutdown(server: object | undefined, end: () => void): () => void {
  const owners = [server, currentExecution()?.application].filter((owner) => owner !== undefined)
  const sets = owners.map((owner) => {
    const streams = streamsOf.get(owner) ?? new Set()
    streamsOf.set(owner, streams)
    return streams.add(end)
  })
  return () => {
    for (const streams of sets) streams.delete(end)
  }
}

/** Ends the streams of a server or an application that is about to stop, so that it needn't wait for them or cut them. */
export function endOpenStreams(owner: object): void {
  for (const end of [...(streamsOf.get(owner) ?? [])]) end()
}
