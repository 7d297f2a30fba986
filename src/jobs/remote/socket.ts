import fs from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { MessageWire } from './wire.ts'

/** What the owner of a directory does for one other process. */
export interface Shared {
  /** Lets the other process turn to the next owner, when it has its answers.
   * @param timeout milliseconds to wait at most
   */
  leave(timeout: number): Promise<void>
  /** The other process is gone, or no longer ours. */
  end(): Promise<void>
}

/** A way to the owner of a directory. */
export interface OwnerConnection<M> {
  readonly wire: MessageWire<M>
  /** Calls `listener` when the connection is gone. */
  onClose(listener: () => void): void
  close(): void
}

/** Says where the socket is: its own path may be too long for one. */
const pathFile = 'socket'
/** What operating systems allow for the path of a socket, less what we add. */
const longestPath = 90
const longestLine = 64 * 1024 * 1024
/** How long an owner waits for the other processes to turn away, in milliseconds. */
const leaveMilliseconds = 1000
const isPipe = process.platform === 'win32'
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis

/** Lets other processes of this machine use what is in a directory that this one owns (`reachOwner`). Only the user who may read the
 * directory may reach the socket.
 *
 * @param accept called with the wire to each of the others
 * @returns ends it
 */
export function listenForOthers<M>(directory: string, accept: (wire: MessageWire<M>) => Shared): () => Promise<void> {
  const folder = isFit(directory) ? directory : fs.mkdtempSync(join(tmpdir(), 'regauge-'))
  const path = isPipe ? `\\\\.\\pipe\\${folder.replace(/[\\:/]/g, '-')}` : join(folder, `${process.pid}.sock`)
  // As others see it: the directory may be mounted at another place for them.
  const named = folder === directory ? basename(path) : path
  const others = new Map<net.Socket, Shared>()
  const server = net.createServer((socket) => {
    socket.on('error', () => {}) // Its process was killed: `close` follows.
    const shared = accept(socketWire(socket))
    others.set(socket, shared)
    socket.on('close', () => {
      others.delete(socket)
      void shared.end()
    })
  })
  server.unref()
  server.on('error', () => {}) // Without a socket the queue still works; those who look for it are told who owns the directory.
  // Owners that were killed have left theirs.
  for (const name of fs.readdirSync(directory)) if (name.endsWith('.sock')) fs.rmSync(join(directory, name), { force: true })
  server.listen(path, () => {
    if (!isPipe) fs.chmodSync(path, 0o600)
    // Whoever reads it sees all of it, or none.
    const written = join(directory, `${pathFile}.${process.pid}`)
    fs.writeFileSync(written, named, { mode: 0o600 })
    fs.renameSync(written, join(directory, pathFile))
  })
  return async () => {
    const known = join(directory, pathFile)
    if (readText(known) === named) fs.rmSync(known, { force: true })
    const closing = new Promise<void>((resolve) => server.close(() => resolve()))
    await Promise.all([...others].map(([socket, shared]) => part(socket, shared)))
    await closing
    if (folder !== directory) fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** A way to the process that owns a directory; undefined when none does, or it can't be reached. */
export async function reachOwner<M>(directory: string): Promise<OwnerConnection<M> | undefined> {
  const named = readText(join(directory, pathFile))
  if (named === undefined || named === '') return undefined
  const socket = net.connect(isPipe ? named : resolve(directory, named))
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  if (!isConnected) return undefined
  socket.on('error', () => {})
  return {
    wire: socketWire(socket),
    onClose: (listener) => void socket.on('close', listener),
    close: () => void socket.end(),
  }
}

async function part(socket: net.Socket, shared: Shared): Promise<void> {
  await shared.leave(leaveMilliseconds)
  await shared.end()
  await new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    socket.once('close', () => resolve())
    // What was written before goes first; whoever doesn't read it isn't waited for.
    socket.end(() => socket.destroy())
    runLater(() => socket.destroy(), leaveMilliseconds).unref()
  })
}

/** Whether the socket may be in the directory itself: its path isn't too long, and nobody else gets into it. */
function isFit(directory: string): boolean {
  return !isPipe && directory.length <= longestPath && (fs.statSync(directory).mode & 0o077) === 0
}

/** Messages as lines of JSON. */
function socketWire<M>(socket: net.Socket): MessageWire<M> {
  socket.setEncoding('utf8')
  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
    },
    receive: (handler) => {
      let rest = ''
      socket.on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop()!
        if (rest.length > longestLine) socket.destroy()
        for (const line of lines) receiveLine(socket, line, handler)
      })
    },
  }
}

function receiveLine<M>(socket: net.Socket, line: string, handler: (message: M) => void): void {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    socket.destroy()
    return
  }
  if (isMessage<M>(message)) handler(message)
  else socket.destroy()
}

function isMessage<M>(value: unknown): value is M {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'kind') === 'string'
}

function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
