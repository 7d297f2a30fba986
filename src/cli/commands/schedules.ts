import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'
import { table } from '../table.ts'

/** `regauge schedules`: the jobs of config/recurring.yml, and when they are next. */
export function register(program: Command): void {
  applicationCommand(program, 'schedules', 'list the recurring jobs and when they are next').action(list)
}

async function list(options: AppOptions): Promise<void> {
  const { describeSchedules } = await import('../../application/index.ts')
  const schedules = await describeSchedules(options)
  const rows = schedules.map(({ nextAt, ...schedule }) => ({
    ...schedule,
    nextAt: nextAt === undefined ? null : new Date(nextAt).toISOString(),
  }))
  printResult(options, rows, () =>
    rows.length === 0
      ? 'no recurring jobs'
      : table(
          rows.map(({ key, job, queue, schedule, cron, timeZone, nextAt }) => [
            key,
            job,
            queue,
            schedule,
            schedule.startsWith(cron) ? '' : `(${cron}${timeZone === undefined ? '' : ` ${timeZone}`})`,
            `next ${nextAt ?? 'never'}`,
          ]),
        ),
  )
}
