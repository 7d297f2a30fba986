import { RouteNotFound } from '../../http/index.ts'

/** What nobody rescued, with its causes and where it came from; undefined for a request that went well. */
export function errorLines(payload: Record<string, unknown>): string | undefined {
  const { error } = payload['request'] as { error?: unknown }
  if (error === undefined) return undefined
  const chain = causesOf(error)
  const [first, ...causes] = chain
  if (causes.length === 0) return ['  ', `${titleOf(first)}:`, '  ', ...traceOf(first)].join('\n')
  const told = chain.flatMap((one, index) => ['', `Information for${index === 0 ? '' : ' cause'}: ${titleOf(one)}:`, '  ', ...traceOf(one)])
  return ['  ', titleOf(first), ...causes.map((cause) => `Caused by: ${titleOf(cause)}`), ...told].join('\n')
}

/** The first place of an error's trace. */
export function placeOf(error: unknown): string | undefined {
  return traceOf(error)[0]
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let one = error; one !== undefined && one !== null && !chain.includes(one); one = (one as { cause?: unknown }).cause) chain.push(one)
  return chain
}

function titleOf(error: unknown): string {
  return error instanceof Error ? `${error.name} (${error.message})` : `${typeof error} (${String(error)})`
}

/** Where nothing was found there is nothing to trace. */
function traceOf(error: unknown): string[] {
  if (!(error instanceof Error) || error instanceof RouteNotFound) return []
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return frames.map((line) => line.trim().slice(3))
}
