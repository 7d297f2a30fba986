import { join } from 'node:path'
import { start } from 'node:repl'
import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'

/** `regauge console`: a prompt with the application loaded. */
export function register(program: Command): void {
  applicationCommand(program, 'console', 'a prompt with the application loaded: its models, jobs and events are variables')
    .alias('c')
    .action(run)
}

async function run(options: AppOptions): Promise<void> {
  const regauge = await import('../../index.ts')
  const application = await regauge.boot({ root: options.root, env: options.env, serves: false })
  const repl = application.run(() => start({ prompt: `${application.config.name}(${application.config.env.name})> `, useGlobal: false }))
  repl.setupHistory(process.env['REGAUGE_HISTORY'] ?? join(options.root, 'tmp', 'console_history'), () => {})
  Object.assign(repl.context, regauge, Object.fromEntries(application.classes().map((value) => [value.name, value])), { app: application })
  await new Promise<void>((resolve) => repl.once('exit', resolve))
  await application.stop()
}
