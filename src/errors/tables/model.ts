import { didYouMeanText, row } from '../row.ts'

/** Errors of the model layer. */
export const modelErrors = {
  REGAUGE_UNKNOWN_MODEL: row(
    500,
    (d: { model: string; suggestion?: string | undefined }) => `The schema has no model ${d.model}.${didYouMeanText(d.suggestion)}`,
    'Add the model to db/schema.prisma and run `regauge db:push`.',
  ),
  REGAUGE_RECORD_NOT_FOUND: row(404, (d: { model: string; condition?: string | undefined }) =>
    d.condition === undefined ? `Couldn't find ${d.model}` : `Couldn't find ${d.model} with ${d.condition}`,
  ),
  REGAUGE_RECORD_INVALID: row(422, (d: { messages: readonly string[] }) => `Validation failed: ${d.messages.join(', ')}`),
} as const
