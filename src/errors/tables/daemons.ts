import { didYouMeanText, row } from '../row.ts'

/** Errors of daemons. */
export const daemonErrors = {
  REGAUGE_INVALID_DAEMON_SCOPE: row(
    500,
    (d: { daemon: string; scope: string; suggestion?: string | undefined }) =>
      `${d.daemon} can't have the scope ${d.scope}.${didYouMeanText(d.suggestion)}`,
    "Say 'application' for one among all machines, 'node' for one among the processes of this machine, or 'worker' for one in each process.",
  ),
} as const
