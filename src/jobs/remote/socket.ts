import fs from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobBackend } from '../backend.ts'
import { shareBackend } from './share_backend.ts'
import { SharedBackend } from './shared_backend.ts'
import type { SharedMessage, Wire } from './wire.ts'

/** Says where the socket is: its own path may be too long for one. */
const pathFile = 'socket'
/** What operating systems allow for the path of a socket, less what we add. */
const longestPath = 90
const longestLine = 64 * 1024 * 1024

/** Lets other processes of this machine use a queue that this one owns (`connectToOwner`). Only the user who may read the directory may
 * reach the socket.
 *
 * @param directory the queue's
 * @returns ends it
 */
export function shareOverSocket(backend: JobBackend, directory: string): () => Promise<void> {
  const folder = isFit(directory) ? directory : fs.mkdtempSync(join(tmpdir(), 'regauge-'))
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replace(/[\\:/]/g, '-')}` : join(folder, `${process.pid}.sock`)
  const ends = new Map<net.Socket, () => Promise<void>>()
  const server = net.createServer((socket) => {
    socket.on('error', () => {}) // Its process was killed: `close` follows.
    const end = shareBackend(backend, socketWire(socket))
    ends.set(socket, end)
    socket.on('close', () => {
      ends.delete(socket)
      void end()
    })
  })
  server.unref()
  server.on('error', () => {}) // Without a socket the queue still works; those who look for it are told who owns the directory.
  // Owners that were killed have left theirs.
  for (const name of fs.readdirSync(directory)) if (name.endsWith('.sock')) fs.rmSync(join(directory, name), { force: true })
  server.listen(path, () => {
    if (process.platform !== 'win32') fs.chmodSync(path, 0o600)
    // Whoever reads it sees all of it, or none.
    const written = join(directory, `${pathFile}.${process.pid}`)
    fs.writeFileSync(written, path, { mode: 0o600 })
    fs.renameSync(written, join(directory, pathFile))
  })
  return async () => {
    const known = join(directory, pathFile)
    if (readText(known) === path) fs.rmSync(known, { force: true })
    const closing = new Promise<void>((resolve) => server.close(() => resolve()))
    await Promise.all([...ends].map(([socket, end]) => end().finally(() => socket.destroy())))
    await closing
    if (folder !== directory) fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether the socket may be in the directory itself: its path isn't too long, and nobody else gets into it. */
function isFit(directory: string): boolean {
  return process.platform !== 'win32' && directory.length <= longestPath && (fs.statSync(directory).mode & 0o077) === 0
}

/** The queue of a directory by way of the process that owns it; undefined when none does, or it can't be reached.
 * @param onLost called when the owner is gone
 * @example const backend = (await connectToOwner(directory)) ?? new EmbeddedBackend({ directory })
 */
export async function connectToOwner(directory: string, onLost: () => void = () => {}): Promise<SharedBackend | undefined> {
  const path = readText(join(directory, pathFile))
  if (path === undefined || path === '') return undefined
  const socket = net.connect(path)
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  if (!isConnected) return undefined
  socket.on('error', () => {})
  const backend = new SharedBackend(socketWire(socket), () => socket.end())
  socket.on('close', () => {
    if (!backend.isClosed) onLost()
    void backend.close()
  })
  return backend
}

/** Messages as lines of JSON. */
function socketWire(socket: net.Socket): Wire {
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

function receiveLine(socket: net.Socket, line: string, handler: (message: SharedMessage) => void): void {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    socket.destroy()
    return
  }
  if (isMessage(message)) handler(message)
  else socket.destroy()
}

function isMessage(value: unknown): value is SharedMessage {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'kind') === 'string'
}

function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
