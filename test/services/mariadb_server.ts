import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free_port.ts'
import { OwnServer } from './own_server.ts'

/** A MariaDB server of the test's own, which it may kill. */
export class MariaDbServer extends OwnServer {
  readonly url: string

  private constructor(folder: string, port: number) {
    super(folder, port)
    this.url = `mysql://root@127.0.0.1:${port}/test`
  }

  /** Makes and starts one; undefined where MariaDB's programs aren't installed. */
  static async start(): Promise<MariaDbServer | undefined> {
    const install = program('mariadb-install-db')
    if (install === undefined || program('mariadbd') === undefined) return undefined
    const folder = mkdtempSync(join(tmpdir(), 'regauge-mariadb-'))
    const options = ['--no-defaults', `--datadir=${folder}`, '--auth-root-authentication-method=normal', ...asRoot()]
    execFileSync(install, options, { stdio: 'ignore' })
    const server = new MariaDbServer(folder, await freePort())
    await server.restart()
    return server
  }

  override async restart(): Promise<void> {
    const places = [`--datadir=${this.folder}`, `--socket=${join(this.folder, 'socket')}`, `--pid-file=${join(this.folder, 'pid')}`]
    const options = ['--no-defaults', ...places, `--port=${this.port}`, '--bind-address=127.0.0.1', '--innodb-flush-log-at-trx-commit=2']
    this.process = spawn(program('mariadbd')!, [...options, '--innodb-lock-wait-timeout=2', ...asRoot()], { stdio: 'ignore' })
    while (!(await answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** MariaDB runs as root only when it is told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

function program(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
}

async function answers(port: number): Promise<boolean> {
  try {
    const { createConnection } = await import('mariadb')
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' })
    await connection.end()
    return true
  } catch {
    return false
  }
}
