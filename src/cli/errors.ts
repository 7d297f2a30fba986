import { RegaugeError } from '../errors/index.ts'

/** The folder for a new application has something in it. */
export class FolderExists extends RegaugeError<'REGAUGE_FOLDER_EXISTS'> {
  static override code = 'REGAUGE_FOLDER_EXISTS' as const
}

/** The name of a new application has characters it may not have. */
export class InvalidName extends RegaugeError<'REGAUGE_INVALID_NAME'> {
  static override code = 'REGAUGE_INVALID_NAME' as const
}

/** A file or folder of a new application can't be written. */
export class FileNotWritten extends RegaugeError<'REGAUGE_FILE_NOT_WRITTEN'> {
  static override code = 'REGAUGE_FILE_NOT_WRITTEN' as const
}

/** There is no `db/seeds` to run. */
export class SeedsMissing extends RegaugeError<'REGAUGE_SEEDS_MISSING'> {
  static override code = 'REGAUGE_SEEDS_MISSING' as const
}

/** Something that can't be undone was asked for without `--force`. */
export class ConfirmationMissing extends RegaugeError<'REGAUGE_CONFIRMATION_MISSING'> {
  static override code = 'REGAUGE_CONFIRMATION_MISSING' as const
}

/** Something is to be edited, and no editor is set. */
export class MissingEditor extends RegaugeError<'REGAUGE_MISSING_EDITOR'> {
  static override code = 'REGAUGE_MISSING_EDITOR' as const
}

/** The editor ended with an error. */
export class EditorFailed extends RegaugeError<'REGAUGE_EDITOR_FAILED'> {
  static override code = 'REGAUGE_EDITOR_FAILED' as const
}

/** A file that would be overwritten holds something else. */
export class FileDiffers extends RegaugeError<'REGAUGE_FILE_DIFFERS'> {
  static override code = 'REGAUGE_FILE_DIFFERS' as const
}

/** A model to be generated was described in words that mean nothing. */
export class InvalidModelDescription extends RegaugeError<'REGAUGE_INVALID_MODEL_DESCRIPTION'> {
  static override code = 'REGAUGE_INVALID_MODEL_DESCRIPTION' as const
}

/** A model to be generated has a name that something has already. */
export class ModelExists extends RegaugeError<'REGAUGE_MODEL_EXISTS'> {
  static override code = 'REGAUGE_MODEL_EXISTS' as const
}

/** There is no schema to add a model to. */
export class SchemaMissing extends RegaugeError<'REGAUGE_SCHEMA_MISSING'> {
  static override code = 'REGAUGE_SCHEMA_MISSING' as const
}
