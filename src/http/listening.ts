import { lstat, unlink } from 'node:fs/promises'
import type { Server as NodeServer } from 'node:http'
import { connect } from 'node:net'
import { CannotListen } from './errors.ts'
import type { ListenOptions } from './server.ts'

/** Opens a port or a Unix socket; a socket file that a crashed process left behind is replaced.
 * @throws CannotListen
 */
export async function openAt(server: NodeServer, options: ListenOptions): Promise<void> {
  const { path, host } = options
  if (path === undefined) {
    const port = options.port ?? portFromEnvironment()
    await open(server, host === undefined ? { port } : { port, host }, host === undefined ? `port ${port}` : `port ${port} of ${host}`)
    return
  }
  const found = await lstat(path).catch(() => undefined)
  if (found !== undefined && !found.isSocket()) throw new CannotListen({ where: path, reason: "a file that isn't a socket is there" })
  if (found !== undefined && (await isAbandoned(path))) await unlink(path)
  await open(server, { path }, path)
}

function portFromEnvironment(): number {
  const text = process.env['PORT'] ?? '3000'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536
  if (port > 65_535) throw new CannotListen({ where: `PORT='${text}'`, reason: 'a port is a number from 0 to 65535' })
  return port
}

function open(server: NodeServer, at: { port: number; host?: string } | { path: string }, where: string): Promise<void> {
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
