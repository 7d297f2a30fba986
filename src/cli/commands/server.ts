import type { Command } from 'commander'
import type { Application } from '../../application/index.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { parsePort } from '../arguments.ts'
import { version } from '../version.ts'

/** `regauge server`: serves the application in the foreground until SIGINT or SIGTERM. */
export function register(program: Command): void {
  applicationCommand(program, 'server', 'serve the application until it is interrupted')
    .alias('s')
    .option('-p, --port <number>', 'the port (default: PORT or 3000; 0 takes a free one)', parsePort)
    .option('--host <address>', 'the address to listen on (default: HOST, else all in production and localhost otherwise)')
    .option('--socket <path>', 'a Unix socket to listen on instead')
    .action(run)
}

async function run(options: AppOptions & { port?: number; host?: string; socket?: string }): Promise<void> {
  const started = performance.now()
  const { boot, serve } = await import('../../application/index.ts')
  const application = await boot({ root: options.root, env: options.env })
  const { config } = application
  if (options.port !== undefined) config.http.port = options.port
  if (options.host !== undefined) config.http.host = options.host
  if (options.socket !== undefined) config.http.path = options.socket
  await serve(application, ({ url }) => announce(application, url, Math.round(performance.now() - started)))
  setTimeout(() => process.exit(), 500).unref() // what a job beyond the bound keeps open must not keep the process
}

/** Says where to look: to people as lines, to machines as one line of their log. */
function announce({ cable, config, logger }: Application, url: string, milliseconds: number): void {
  const started = `regauge ${version}: ${config.name} (${config.env.name}) after ${milliseconds} ms`
  if (config.log.format === 'json') {
    logger.info(started, { url })
    return
  }
  const places = {
    application: '/',
    ...(config.openapi.enabled && { documentation: '/docs' }),
    ...(cable && { WebSockets: config.cable.path }),
    ...(cable && config.cable.transports.includes('socket.io') && { 'socket.io': config.cable.socketIoPath }),
  }
  const lines = Object.entries(places).map(
    ([name, path]) => `  ${name.padEnd(14)} ${name === 'WebSockets' ? url.replace('http', 'ws') : url}${path}`,
  )
  process.stdout.write(`${started}, stop with Ctrl-C\n${lines.join('\n')}\n`)
}
