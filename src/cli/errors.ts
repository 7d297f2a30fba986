import { RegaugeError } from '../errors/index.ts'

/** The folder for a new application has something in it. */
export class FolderExists extends RegaugeError<'REGAUGE_FOLDER_EXISTS'> {
  static override code = 'REGAUGE_FOLDER_EXISTS' as const
}

/** The name of a new application has characters it may not have. */
export class InvalidName extends RegaugeError<'REGAUGE_INVALID_NAME'> {
  static override code = 'REGAUGE_INVALID_NAME' as const
}
