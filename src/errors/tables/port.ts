import { row } from '../row.ts'

/** Errors of porting a Rails application. */
export const portErrors = {
  REGAUGE_BROKEN_RUBY: row(
    500,
    (d: { file: string; line: number; problem: string; source: string }) => `${d.file}:${d.line}: ${d.problem}\n  ${d.source}`,
    'Mend the Ruby file, so that `ruby -c` accepts it, and port again. Nothing was written.',
  ),
  REGAUGE_MISSING_SOURCE: row(
    500,
    (d: { file: string; expected: string }) => `${d.file}:1: the file doesn't exist; expected ${d.expected}.`,
    'Give the root of a Rails application: the folder that holds app, config and db. Nothing was written.',
  ),
  REGAUGE_UNEXPECTED_RUBY: row(
    500,
    (d: { file: string; line: number; expected: string; found: string }) =>
      `${d.file}:${d.line}: expected ${d.expected}, found ${d.found}.`,
    'Nothing was written.',
  ),
  REGAUGE_UNWRITABLE_OUTPUT: row(
    500,
    (d: { file: string; reason: string }) => `${d.file} can't be written: ${d.reason}.`,
    'Check the path given to --out and its permissions. Nothing was written.',
  ),
} as const
