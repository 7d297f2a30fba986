import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Reader } from './slow_readers.ts'

/** What the handle of a socket knows: how much it was given, and how much of that the system hasn't taken. `node:net` looks there too before it
 * says that a socket timed out; its public counts know only whole chunks. */
interface Handle {
  readonly bytesWritten: number
  readonly writeQueueSize: number
}

/** The client at the other end of a connection, with or without TLS. What lies in the system's own buffers counts as taken. */
export function readerOfSocket(socket: Socket): Reader {
  const handle = () => (socket as unknown as { readonly _handle?: Partial<Handle> | null })._handle
  const queued = () => handle()?.writeQueueSize ?? 0
  return {
    // A chunk may be the system's wholly, and still be ours until it has room again.
    waiting: () => Math.max(queued(), socket.writableLength),
    taken: () => (handle()?.bytesWritten ?? 0) - queued(),
    takesWhole: false,
    cut: () => cutSocket(socket),
  }
}

// A reset frees what the system holds for the client too; only TCP knows it.
function cutSocket(socket: Socket): void {
  if (socket.remoteAddress === undefined || socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}

type Done = (error?: Error | null) => void

/** The client that asked for a stream of HTTP/2, which it may leave unread while the connection goes on: by the window that it opens for it. */
export function readerOfStream(stream: ServerHttp2Stream): Reader {
  let taken = 0
  const counting = (bytes: number, done: Done): Done => {
    return (error) => {
      if (!error) taken += bytes
      done(error)
    }
  }
  const { _write, _writev } = stream
  stream._write = (chunk: Uint8Array, encoding, done) => _write.call(stream, chunk, encoding, counting(chunk.length, done))
  stream._writev = (chunks, done) => {
    const bytes = chunks.reduce((sum, { chunk }) => sum + (chunk as Uint8Array).length, 0)
    _writev!.call(stream, chunks, counting(bytes, done))
  }
  return {
    waiting: () => stream.writableLength,
    taken: () => taken,
    takesWhole: true,
    cut: () => stream.close(constants.NGHTTP2_CANCEL),
  }
}
