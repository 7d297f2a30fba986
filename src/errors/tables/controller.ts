import { didYouMeanText, row } from '../row.ts'

/** Errors of controllers and their parameters. */
export const controllerErrors = {
  REGAUGE_UNKNOWN_ACTION: row(
    404,
    (d: { controller: string; action: string; suggestion?: string | undefined }) =>
      `The action '${d.action}' could not be found for ${d.controller}.${didYouMeanText(d.suggestion)}`,
    'Write the method in the controller, or correct the route.',
  ),
  REGAUGE_MISSING_CALLBACK: row(
    500,
    (d: { controller: string; callback: string; suggestion?: string | undefined }) =>
      `${d.controller} has a callback '${d.callback}', but no method of that name.${didYouMeanText(d.suggestion)}`,
    'Write the method, or correct the name in beforeAction, afterAction or aroundAction.',
  ),
  REGAUGE_PARAMETER_MISSING: row(
    400,
    (d: { param: string; keys?: readonly string[] | undefined; suggestion?: string | undefined }) =>
      `param is missing or the value is empty or invalid: ${d.param}${d.suggestion ? `\n${didYouMeanText(d.suggestion).trim()}` : ''}`,
  ),
  REGAUGE_UNPERMITTED_PARAMETERS: row(
    400,
    (d: { names: readonly string[] }) =>
      `found unpermitted parameter${d.names.length > 1 ? 's' : ''}: ${d.names.map((name) => `:${name}`).join(', ')}`,
    "Permit them, or set config.controller.onUnpermittedParameters to 'log' or false.",
  ),
  REGAUGE_DOUBLE_RENDER: row(
    500,
    (d: { controller: string; action: string }) => `${d.controller}#${d.action} rendered or redirected more than once.`,
    'Render once in an action; return after rendering early.',
  ),
} as const
