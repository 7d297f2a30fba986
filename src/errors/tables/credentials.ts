import { didYouMeanText, row } from '../row.ts'

/** Errors of encrypted credentials. */
export const credentialErrors = {
  REGAUGE_UNREADABLE_CREDENTIALS: row(
    500,
    (d: { file: string; reason: string }) => `${d.file} can't be read: ${d.reason}.`,
    'The key is the one of the Rails application: RAILS_MASTER_KEY, or the file beside the credentials.',
  ),
  REGAUGE_INVALID_MASTER_KEY: row(
    500,
    (d: { source: string; length: number }) => `The key in ${d.source} has ${d.length} characters; 32 hexadecimal ones are needed.`,
  ),
  REGAUGE_MISSING_MASTER_KEY: row(
    500,
    (d: { file: string; keyFile: string }) => `There is no key for ${d.file}: neither RAILS_MASTER_KEY nor ${d.keyFile} is there.`,
    'The key is the one of the Rails application, or of whoever made the file.',
  ),
  REGAUGE_MISSING_CREDENTIAL: row(
    500,
    (d: { path: string; suggestion?: string | undefined }) => `There is no credential ${d.path}.${didYouMeanText(d.suggestion)}`,
    'Add it to the encrypted credentials of this environment.',
  ),
  REGAUGE_NO_CREDENTIALS: row(500, (d: { file: string }) => `${d.file} doesn't exist.`, 'Make it with `regauge credentials:edit`.'),
} as const
