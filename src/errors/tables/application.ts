import { didYouMeanText, row } from '../row.ts'

/** Errors of booting an application. */
export const applicationErrors = {
  REGAUGE_UNKNOWN_CONTROLLER: row(
    500,
    (d: { controller: string; route: string; suggestion?: string | undefined }) =>
      `The route ${d.route} points at ${d.controller}, which doesn't exist.${didYouMeanText(d.suggestion)}`,
    'Export the controller from a file under app/controllers, or correct the route.',
  ),
} as const
