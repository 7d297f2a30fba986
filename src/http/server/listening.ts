import cluster from 'node:cluster'
import { chmod, lstat, unlink } from 'node:fs/promises'
import type { Server as NodeServer } from 'node:http'
import { connect, type ListenOptions as ListenArguments } from 'node:net'
import { CannotListen } from '../errors.ts'
import type { ListenOptions } from './server.ts'

/** Opens a port or a Unix socket; a socket file that a crashed process left behind is replaced.
 * @throws CannotListen
 */
export async function openAt(server: NodeServer, options: ListenOptions): Promise<void> {
  const { path, host, backlog = 511 } = options
  if (path === undefined) {
    const port = options.port ?? portFromEnvironment()
    const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`
    await open(server, host === undefined ? { port, backlog } : { port, host, backlog }, where)
    return
  }
  if (cluster.isPrimary) await removeAbandoned(path)
  await open(server, { path, backlog }, path)
  if (options.socketMode !== undefined) await chmod(path, options.socketMode)
}

/** Removes a socket file that no process listens on any more. In a cluster the primary does it before there are workers.
 * @throws CannotListen when a file is there that is no socket
 */
export async function removeAbandoned(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found !== undefined && !found.isSocket()) throw new CannotListen({ where: path, reason: "a file that isn't a socket is there" })
  if (found !== undefined && (await isAbandoned(path))) await unlink(path)
}

function portFromEnvironment(): number {
  const text = process.env['PORT'] ?? '3000'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536
  if (port > 65_535) throw new CannotListen({ where: `PORT='${text}'`, reason: 'a port is a number from 0 to 65535' })
  return port
}

function open(server: NodeServer, at: ListenArguments, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new CannotListen({ where, reason: reasonOf(error) }, { cause: error }))
    server.once('error', failed)
    server.listen(at, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process is listening there',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: "the address isn't one of this machine",
  ENOTFOUND: 'there is no such host',
  ENOENT: "the folder of the socket doesn't exist",
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message
}

function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}
