import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'
import { table } from '../table.ts'

/** `regauge daemons`: the tasks that run as long as the application serves. */
export function register(program: Command): void {
  applicationCommand(program, 'daemons', 'list the daemons and which process runs them').action(list)
}

async function list(options: AppOptions): Promise<void> {
  const { describeDaemons } = await import('../../application/index.ts')
  const daemons = await describeDaemons(options)
  printResult(options, daemons, () =>
    daemons.length === 0
      ? 'no daemons'
      : table(
          daemons.map(({ name, scope, pid, host }) => [
            name,
            scope,
            pid === null ? '' : `process ${pid}${host === undefined ? '' : ` on ${host}`}`,
          ]),
        ),
  )
}
