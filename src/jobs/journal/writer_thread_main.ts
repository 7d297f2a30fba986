import fs from 'node:fs'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { sealFrames } from './frames.ts'
import type { WriteOrder, WriteReport } from './writer_thread.ts'
import { behind } from './write_pieces.ts'

if (parentPort !== null) serve(parentPort)

/** The thread of {@link WriterThread}: writes what it is told, one order after the other. */
function serve(port: MessagePort): void {
  const report = (message: WriteReport): void => port.postMessage(message)
  port.on('message', (order: WriteOrder) => report({ id: order.id, error: write(order) }))
  report('ready')
}

function write({ file, salt, position, pieces }: WriteOrder): string | undefined {
  let rest: readonly Buffer[] = pieces.map(({ memory, from, to }) => Buffer.from(memory, from, to - from))
  for (const piece of rest) sealFrames(piece, 0, piece.length, salt)
  let at = position
  try {
    while (rest.length > 0) {
      const written = fs.writevSync(file, rest, at)
      if (written === 0) return 'the disk takes nothing more'
      at += written
      rest = behind(rest, written)
    }
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}
