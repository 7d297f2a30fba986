import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'
import { table } from '../table.ts'

/** `regauge middleware`: what every request passes, in order. */
export function register(program: Command): void {
  applicationCommand(program, 'middleware', 'list the middleware stack').action(list)
}

async function list(options: AppOptions): Promise<void> {
  const { describeMiddleware } = await import('../../application/index.ts')
  const rows = await describeMiddleware(options.root, options.env)
  printResult(
    options,
    rows.map(({ name, does }) => ({ name, kind: does === undefined ? 'application' : 'built in', does })),
    () => `${table(rows.map(({ name, does }) => [`use ${name}`, does === undefined ? '' : `built in: ${does}`]))}\nrun the routes`,
  )
}
