import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import type { moveJobsOf } from '../../application/index.ts'
import { printable } from '../../logging/index.ts'
import { printResult } from '../output.ts'
import { table } from '../table.ts'

type MoveReport = Awaited<ReturnType<typeof moveJobsOf>>

interface MoveOptions extends AppOptions {
  readonly from: string
  readonly to: string
  readonly connection?: string
  readonly prefix?: string
  readonly dryRun?: boolean
}

/** `regauge jobs:move`: takes all jobs from one backend to another. */
export function register(program: Command): void {
  applicationCommand(program, 'jobs:move', 'move all jobs from one backend to another, while no process of the application runs')
    .requiredOption('--from <backend>', 'where the jobs are: embedded or bullmq')
    .requiredOption('--to <backend>', 'where they go: embedded or bullmq')
    .option('--connection <url>', 'where BullMQ keeps jobs, redis:// or postgresql:// (default: config.jobs.backend, else REDIS_URL)')
    .option('--prefix <text>', "what BullMQ's names of queues begin with")
    .option('--dry-run', 'only say what would be moved, and what would stay')
    .action(move)
}

async function move(options: MoveOptions): Promise<void> {
  const { moveJobsOf } = await import('../../application/index.ts')
  const report = await moveJobsOf(options, options.json ? undefined : showProgress)
  if (report.families !== undefined) process.exitCode = 1
  printResult(options, options.dryRun ? { ...report, dryRun: true } : report, () => {
    const { from, to, moved, paused, running, schedules, unreadable = 0, families = [] } = report
    const counted = Object.entries(moved).map(([state, count]) => [state, String(count)])
    const [stays, stay] = options.dryRun ? ['would stay', 'would stay'] : ['stays', 'stay']
    return [
      `${options.dryRun ? 'would move' : 'moved'} from ${from} to ${to}`,
      table([...counted, ['schedules', String(schedules)]]),
      ...(isNothing(report) ? [`${from} has no jobs ${from === 'bullmq' ? 'at this connection under this prefix' : 'here'}`] : []),
      ...(to === 'bullmq' && (moved['failed'] ?? 0) > 0
        ? ['bullmq counts failed jobs as waiting, or waiting-children, until a worker has looked at their queues; they do not run']
        : []),
      ...(paused.length > 0 ? [`paused queues: ${paused.map(printable).join(', ')}`] : []),
      ...(running > 0 ? [`${running} ${running === 1 ? `job runs and ${stays}` : `jobs run and ${stay}`}: move again when done`] : []),
      ...(unreadable > 0
        ? [`${unreadable} ${unreadable === 1 ? `job can't be read and ${stays}` : `jobs can't be read and ${stay}`}`]
        : []),
      ...families.map(({ id, queue, name, jobs, reason }) =>
        printable(`${name} (${id}) in ${queue} ${stays} with its family of ${jobs}: ${reason}`),
      ),
    ].join('\n')
  })
}

/** A prefix may be mistyped. */
function isNothing({ moved, paused, running, schedules, unreadable = 0, families = [] }: MoveReport): boolean {
  return [...Object.values(moved), paused.length, running, schedules, unreadable, families.length].every((count) => count === 0)
}

function showProgress(moved: number, total: number): void {
  process.stderr.write(`${moved} of ${total}\n`)
}
