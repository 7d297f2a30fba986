import { didYouMeanText, row } from '../row.ts'

/** Errors of the `pubsub` and `cable` rooms. */
export const cableErrors = {
  REGAUGE_PUBSUB_MISSING: row(
    500,
    (_: object) => 'A message was broadcast, but no application is running in this process.',
    'Boot the application first, or call usePubSub(new LocalPubSub()) in a script or test.',
  ),
  REGAUGE_UNAUTHORIZED_CONNECTION: row(401, (_: object) => 'The connection was rejected as unauthorized.'),
  REGAUGE_MESSAGE_NOT_SERIALIZABLE: row(
    500,
    (d: { reason: string }) => `The message cannot be written as JSON: ${d.reason}`,
    'Broadcast plain values, or objects with a toJSON method.',
  ),
  REGAUGE_NO_BROADCASTING_NAME: row(
    500,
    (d: { value: string }) => `No stream name can be made from ${d.value}.`,
    'Give a string, a number, an array of these, a record with an id, or an object with toParam().',
  ),
  REGAUGE_NOT_A_CHANNEL: row(
    500,
    (d: { name: string }) => `'${d.name}' is not a subclass of Channel.`,
    'Export a class that extends Channel.',
  ),
  REGAUGE_NOT_A_CONNECTION: row(
    500,
    (d: { name: string }) => `'${d.name}' is not a subclass of Connection.`,
    'Export a class that extends Connection.',
  ),
  REGAUGE_UNKNOWN_CHANNEL_CALLBACK: row(
    500,
    (d: { owner: string; macro: string; name: string; suggestion: string | undefined }) =>
      `${d.owner}.${d.macro}('${d.name}') names a method that ${d.owner} doesn't have.${didYouMeanText(d.suggestion)}`,
  ),
  REGAUGE_UNKNOWN_IDENTIFIER: row(
    500,
    (d: { given: string[]; declared: string[] }) =>
      `Remote connections are found by all of their identifiers: given ${list(d.given)}, declared with identifiedBy ${list(d.declared)}.`,
  ),
  REGAUGE_INVALID_TIMER: row(
    500,
    (d: { owner: string; every: unknown }) =>
      `${d.owner}.periodically needs a positive number of seconds in \`every\`, not ${String(d.every)}.`,
  ),
  REGAUGE_STREAM_LIMIT: row(
    500,
    (d: { limit: number }) => `A connection has ${d.limit} streams open already.`,
    'Stop streams that are no longer needed, or raise the limit `streams` of the cable.',
  ),
} as const

function list(names: string[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}
