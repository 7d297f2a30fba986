import { didYouMeanText, row } from '../row.ts'

/** Errors of signed and encrypted messages. None of them says which part of a message was wrong: that would help whoever forges one. */
export const messageErrors = {
  REGAUGE_INVALID_SIGNATURE: row(
    400,
    (_: Record<never, never>) => 'The signed message is invalid, has expired or was made for another purpose.',
    'Use verified() to get undefined instead of an error.',
  ),
  REGAUGE_INVALID_MESSAGE: row(
    400,
    (_: Record<never, never>) => "The encrypted message can't be decrypted with the keys at hand.",
    'It was changed, or written with another secret; rotate() lets old secrets be read.',
  ),
  REGAUGE_UNREADABLE_MESSAGE: row(
    500,
    (d: { serializer: string }) => `A message is authentic, but the serializer ${d.serializer} can't read what is in it.`,
    "It was written with another serializer; 'json_allow_marshal' reads JSON and plain data that Ruby marshalled.",
  ),
  REGAUGE_UNWRITABLE_VALUE: row(
    500,
    (d: { value: string; serializer: string }) => `The serializer ${d.serializer} can't write ${d.value}.`,
    'Messages hold plain data: texts, numbers, booleans, dates, lists and objects of these.',
  ),
  REGAUGE_INVALID_MESSAGE_OPTION: row(
    500,
    (d: { option: string; value: string; expected: string; suggestion?: string | undefined }) =>
      `${d.option} can't be ${d.value}; expected ${d.expected}.${didYouMeanText(d.suggestion)}`,
  ),
  REGAUGE_ROTATION_TOO_LATE: row(
    500,
    (d: { salts: readonly string[] }) => `Rotations can't change after they were applied to ${d.salts.join(', ')}.`,
    'Call rotate() in an initializer, before the first message is written or read.',
  ),
  REGAUGE_NO_SECRET: row(
    500,
    (_: Record<never, never>) => 'There is no secret to sign or encrypt with yet.',
    'Boot the application first; in config files set config.secretKeyBase before it is used; elsewhere call useMessages(new ApplicationMessages(secret)) where there is no application.',
  ),
  REGAUGE_COOKIE_OVERFLOW: row(
    500,
    (d: { name: string; size: number; limit: number }) => `${d.name} cookie overflowed with size ${d.size} bytes (${d.limit} are allowed).`,
    'Keep an id in the cookie and the data on the server.',
  ),
} as const
