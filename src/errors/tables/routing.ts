import { didYouMeanText, row } from '../row.ts'

/** Errors of drawing and generating routes. */
export const routingErrors = {
  REGAUGE_INVALID_ROUTE: row(
    500,
    (d: { reason: string; location?: string | undefined; suggestion?: string | undefined }) =>
      `${d.location === undefined ? '' : `${d.location}: `}${d.reason}${didYouMeanText(d.suggestion)}`,
    'Correct the line of the routes file.',
  ),
  REGAUGE_NO_ROUTE: row(
    404,
    (d: { method: string; path: string }) => `No route matches [${d.method}] "${d.path}"`,
    'List the routes with `regauge routes`.',
  ),
  REGAUGE_URL_GENERATION: row(
    500,
    (d: {
      given: string
      missing?: readonly string[] | undefined
      unmatched?: readonly string[] | undefined
      route?: string | undefined
    }) =>
      `No route${d.route === undefined ? '' : ` named '${d.route}'`} matches ${d.given}${listText('missing required keys', d.missing)}${listText('possible unmatched constraints', d.unmatched)}`,
    'Give every required segment a value that its constraint allows; `regauge routes` lists them.',
  ),
  REGAUGE_MISSING_HOST: row(
    500,
    () => 'A full URL was asked for, but no host is known.',
    'Pass host, set defaultUrlOptions.host, or ask for the path only.',
  ),
  REGAUGE_UNKNOWN_URL_HELPER: row(
    500,
    (d: { helper: string; suggestion?: string | undefined }) => `There is no URL helper '${d.helper}'.${didYouMeanText(d.suggestion)}`,
    'List the routes with `regauge routes`: a route named new_article has the helpers newArticlePath and newArticleUrl.',
  ),
  REGAUGE_INVALID_URL_OPTION: row(500, (d: { option: string; value: string }) => `The URL option ${d.option} can't be ${d.value}.`),
  REGAUGE_INVALID_PATH_ENCODING: row(400, (d: { parameter: string }) => `The path parameter '${d.parameter}' isn't valid UTF-8.`),
} as const

function listText(title: string, names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : `, ${title}: ${names.join(', ')}`
}
