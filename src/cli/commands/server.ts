import type { Command } from 'commander'
import type { Configuration } from '../../application/index.ts'
import type { Logger } from '../../logging/index.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { parsePort, parseWorkers } from '../arguments.ts'
import { version } from '../version.ts'

/** `regauge server`: serves the application in the foreground until SIGINT or SIGTERM. */
export function register(program: Command): void {
  applicationCommand(program, 'server', 'serve the application until it is interrupted')
    .alias('s')
    .option('-p, --port <number>', 'the port (default: PORT or 3000; 0 takes a free one)', parsePort)
    .option('-b, --host <address>', 'the address to listen on (default: BINDING or HOST, else all in production and localhost otherwise)')
    .option('--socket <path>', 'a Unix socket to listen on instead')
    .option(
      '-w, --workers <number>',
      'processes that answer and run jobs, auto for one a processor (default: WEB_CONCURRENCY or none)',
      parseWorkers,
    )
    .action(run)
}

interface ServerOptions extends AppOptions {
  readonly port?: number
  readonly host?: string
  readonly socket?: string
  readonly workers?: number | 'auto'
}

async function run(options: ServerOptions): Promise<void> {
  const started = performance.now()
  const { boot, clusterLink, openLogger, readSettings, serve, serveWorkers, workerCount } = await import('../../application/index.ts')
  const { root, env, port, host, socket, workers } = options
  const config = await readSettings({
    root,
    env,
    configure: ({ http }) => Object.assign(http, given({ port, host, path: socket, workers })),
  })
  const count = workerCount(config)
  const isWorker = clusterLink() !== undefined
  const since = () => Math.round(performance.now() - started)
  if (count > 0 && !isWorker) {
    const logger = openLogger(config)
    await serveWorkers(config, count, logger, ({ address, cablePath }) => announce(config, logger, address.url, since(), count, cablePath))
  } else {
    const application = await boot({ root, env, settings: config })
    const { cable, logger } = application
    await serve(application, ({ url }) => !isWorker && announce(config, logger, url, since(), 0, cable && config.cable.path))
  }
  setTimeout(() => process.exit(), 500).unref() // what a job beyond the bound keeps open must not keep the process
}

function given(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Says where to look: to people as lines, to machines as one line of their log. */
function announce(
  config: Configuration,
  logger: Logger,
  url: string,
  milliseconds: number,
  workers: number,
  cablePath: string | undefined,
): void {
  const processes = workers > 0 ? ` in ${workers} processes` : ''
  const started = `regauge ${version}: ${config.name} (${config.env.name})${processes} after ${milliseconds} ms`
  if (config.log.format === 'json') {
    logger.info(started, { url })
    return
  }
  const places = {
    application: '/',
    ...(config.openapi.enabled && { documentation: '/docs' }),
    ...(cablePath !== undefined && { WebSockets: cablePath }),
    ...(cablePath !== undefined && config.cable.transports.includes('socket.io') && { 'socket.io': config.cable.socketIoPath }),
  }
  const lines = Object.entries(places).map(
    ([name, path]) => `  ${name.padEnd(14)} ${name === 'WebSockets' ? url.replace('http', 'ws') : url}${path}`,
  )
  process.stdout.write(`${started}, stop with Ctrl-C\n${lines.join('\n')}\n`)
}
