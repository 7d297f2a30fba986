import type { JobBackend } from '../backend.ts'
import { Sharing } from './share_backend.ts'
import { SharedBackend } from './shared_backend.ts'
import { listenForOthers, reachOwner } from './socket.ts'
import type { SharedMessage } from './wire.ts'

/** Lets other processes of this machine use a queue that this one owns (`connectToOwner`).
 *
 * @param directory the queue's
 * @returns ends it
 */
export function shareOverSocket(backend: JobBackend, directory: string): () => Promise<void> {
  return listenForOthers<SharedMessage>(directory, (wire) => new Sharing(backend, wire))
}

/** The queue of a directory by way of the process that owns it; undefined when none does, or it can't be reached.
 * @param onLost called once, when the owner is gone or about to go
 * @example const backend = (await connectToOwner(directory)) ?? new EmbeddedBackend({ directory })
 */
export async function connectToOwner(directory: string, onLost: () => void = () => {}): Promise<SharedBackend | undefined> {
  const connection = await reachOwner<SharedMessage>(directory)
  if (connection === undefined) return undefined
  let isLost = false
  const lose = () => {
    if (!isLost && !backend.isClosed) onLost()
    isLost = true
  }
  const backend = new SharedBackend(connection.wire, connection.close, lose)
  connection.onClose(() => {
    lose()
    backend.lose()
  })
  return backend
}
