import fs from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { awaitGreeting, greetOwner } from './greeting.ts'
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
/** What operating systems allow for a path, in bytes. */
const longestName = 4096
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
  const strangers = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    socket.on('error', () => {}) // Its process was killed: `close` follows.
    strangers.add(socket)
    socket.on('close', () => {
      strangers.delete(socket)
      void others.get(socket)?.end()
      others.delete(socket)
    })
    void awaitGreeting(socket, directory, (wire) => {
      if (!strangers.delete(socket)) return
      others.set(socket, accept(wire as MessageWire<M>))
    })
  })
  server.unref()
  server.on('error', () => {}) // Without a socket the queue still works; those who look for it are told who owns the directory.
  // Owners that were killed have left theirs.
  for (const name of fs.readdirSync(directory)) if (name.endsWith('.sock')) fs.rmSync(join(directory, name), { force: true })
  removeElsewhere(directory)
  server.listen(path, () => {
    try {
      if (!isPipe) fs.chmodSync(path, 0o600)
      announce(directory, named)
    } catch {} // The disk is full, say: as without a socket.
  })
  return async () => {
    const known = join(directory, pathFile)
    if (readText(known) === named) fs.rmSync(known, { force: true })
    const closing = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of strangers) socket.destroy()
    await Promise.all([...others].map(([socket, shared]) => part(socket, shared)))
    await closing
    if (folder !== directory) fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Says where the socket is. Whoever reads it sees all of it, or none. */
function announce(directory: string, named: string): void {
  const written = join(directory, `${pathFile}.${process.pid}`)
  // Not through a link that somebody else put there.
  fs.rmSync(written, { force: true })
  fs.writeFileSync(written, named, { mode: 0o600, flag: 'wx' })
  fs.renameSync(written, join(directory, pathFile))
}

/** A way to the process that owns a directory; undefined when none does, or it can't be reached.
 * @throws QueueProtocolMismatch (REGAUGE_QUEUE_PROTOCOL) when that process speaks another version
 */
export async function reachOwner<M>(directory: string): Promise<OwnerConnection<M> | undefined> {
  const named = readText(join(directory, pathFile))
  if (named === undefined || named === '' || !isOurs(directory, named)) return undefined
  const socket = net.connect(isPipe ? named : resolve(directory, named))
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  if (!isConnected) return undefined
  socket.on('error', () => {})
  const wire = await greetOwner(socket, directory)
  if (wire === undefined) return undefined
  return {
    wire: wire as MessageWire<M>,
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

/** Whether nobody else can have put the socket where it is: beside the directory it is in a folder for temporary files, which is everybody's, and
 * once ours is gone from there (after a restart of the machine, say) anybody may take its name. */
function isOurs(directory: string, named: string): boolean {
  if (isPipe || !isAbsolute(named)) return true
  const folder = fs.lstatSync(dirname(named), { throwIfNoEntry: false })
  if (folder === undefined || !folder.isDirectory() || (folder.mode & 0o022) !== 0) return false
  return folder.uid === process.getuid!() || folder.uid === fs.statSync(directory).uid
}

/** Removes the socket that an owner which was killed has left outside of the directory. */
function removeElsewhere(directory: string): void {
  const named = readText(join(directory, pathFile))
  if (named === undefined || isPipe || !isAbsolute(named) || !named.endsWith('.sock') || !isOurs(directory, named)) return
  fs.rmSync(named, { force: true })
  try {
    fs.rmdirSync(dirname(named))
  } catch {}
}

/** A pipe, or a link to what never ends, is no file of ours. */
function readText(path: string): string | undefined {
  try {
    const stats = fs.lstatSync(path)
    return stats.isFile() && stats.size <= longestName ? fs.readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}
