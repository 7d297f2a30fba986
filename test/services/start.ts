import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the tests of `npm run test:services` talk to, by the environment variable they read. */
interface Service {
  readonly variable: string
  /** Where it runs when somebody has started it already. */
  readonly port: number
  readonly url: (port: number) => string
  /** Starts one of our own on a free port, or answers undefined when its program isn't on this machine. */
  readonly start: (folder: string, port: number) => ChildProcess | undefined
}

const services: Service[] = [
  {
    variable: 'TEST_REDIS_URL',
    port: 6379,
    url: (port) => `redis://127.0.0.1:${port}`,
    start: (folder, port) => {
      const program = find('redis-server')
      return program === undefined
        ? undefined
        : spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'], {
            stdio: 'ignore',
          })
    },
  },
  {
    variable: 'TEST_POSTGRES_URL',
    port: 5432,
    url: (port) => `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start: (folder, port) => {
      const [server, init] = [find('postgres'), find('initdb')]
      if (!server || !init) return undefined
      execFileSync(init, ['-D', folder, '-U', 'postgres', '--auth=trust'], { stdio: 'ignore' })
      return spawn(server, ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder], { stdio: 'ignore' })
    },
  },
  {
    variable: 'TEST_MYSQL_URL',
    port: 3306,
    url: (port) => `mysql://root@127.0.0.1:${port}/test`,
    start: (folder, port) => {
      const [server, install] = [find('mariadbd'), find('mariadb-install-db')]
      if (!server || !install) return undefined
      execFileSync(install, [`--datadir=${folder}`, '--auth-root-authentication-method=normal'], { stdio: 'ignore' })
      const options = [`--datadir=${folder}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`]
      return spawn(server, ['--no-defaults', ...options, `--pid-file=${join(folder, 'pid')}`], { stdio: 'ignore' })
    },
  },
]

const started: { child: ChildProcess; folder: string }[] = []

/** Mocha's global setup: finds each service, or starts it; what can't be had stays undefined, and its tests say that they were left out. */
export async function mochaGlobalSetup(): Promise<void> {
  for (const [index, service] of services.entries()) {
    if (process.env[service.variable]) continue
    if (await listens(service.port)) {
      process.env[service.variable] = service.url(service.port)
      continue
    }
    const port = 20_000 + (process.pid % 20_000) + index
    const folder = mkdtempSync(join(tmpdir(), 'regauge-service-'))
    const child = service.start(folder, port)
    if (!child) {
      process.stderr.write(
        `${service.variable}: no server on port ${service.port} and none to start; the tests that need it are left out\n`,
      )
      continue
    }
    started.push({ child, folder })
    if (await waitFor(port)) process.env[service.variable] = service.url(port)
  }
}

/** Mocha's global teardown: stops what was started. */
export function mochaGlobalTeardown(): void {
  for (const { child, folder } of started) {
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    child.kill('SIGTERM')
  }
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...installed('/usr/lib/postgresql')]
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file))
}

function installed(base: string): string[] {
  return existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []
}

async function waitFor(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await listens(port)) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(socket.destroy() !== undefined))
    socket.once('error', () => resolve(false))
  })
}
