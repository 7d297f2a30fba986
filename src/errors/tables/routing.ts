import { row } from '../row.ts'

/** Errors of drawing and generating routes. */
export const routingErrors = {
  REGAUGE_NO_ROUTE: row(
    404,
    (d: { method: string; path: string }) => `No route matches [${d.method}] "${d.path}"`,
    'List the routes with `regauge routes`.',
  ),
} as const
