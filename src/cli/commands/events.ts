import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'
import { table } from '../table.ts'

/** `regauge events`: who subscribes to which events. */
export function register(program: Command): void {
  applicationCommand(program, 'events', 'list the events and their subscribers').action(list)
}

async function list(options: AppOptions): Promise<void> {
  const { describeEvents } = await import('../../application/index.ts')
  const rows = await describeEvents(options)
  printResult(options, rows, () => textOf(rows))
}

function textOf(rows: Awaited<ReturnType<typeof import('../../application/index.ts')['describeEvents']>>): string {
  if (rows.length === 0) return 'no subscribers'
  return table(
    rows.map(({ event, subscriber, deferred, inTransaction, everyProcess, priority, queue }) => {
      const how = [
        deferred && 'deferred',
        inTransaction && 'in the transaction',
        everyProcess && 'in every process',
        queue && `queue ${queue}`,
      ]
      return [event, [subscriber, ...how.filter(Boolean), ...(priority === 0 ? [] : [`priority ${priority}`])].join('  ')]
    }),
  )
}
