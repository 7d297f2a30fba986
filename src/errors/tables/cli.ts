import { row } from '../row.ts'

/** Errors of the command line. */
export const cliErrors = {
  REGAUGE_FOLDER_EXISTS: row(
    500,
    (d: { folder: string }) => `${d.folder} exists already and is not empty.`,
    'Choose another name, or empty the folder.',
  ),
  REGAUGE_INVALID_NAME: row(
    500,
    (d: { name: string }) => `'${d.name}' is no name for an application.`,
    'Use letters, digits, - and _, beginning with a letter.',
  ),
} as const
