import { RegaugeError } from '../errors/index.ts'

/** There is no application in the folder. */
export class NoApplication extends RegaugeError<'REGAUGE_NO_APPLICATION'> {
  static override code = 'REGAUGE_NO_APPLICATION' as const
}

/** `config/environments/<name>` doesn't exist. */
export class UnknownEnvironment extends RegaugeError<'REGAUGE_UNKNOWN_ENVIRONMENT'> {
  static override code = 'REGAUGE_UNKNOWN_ENVIRONMENT' as const
}

/** A file under `config` exports something else than a configuration. */
export class InvalidConfiguration extends RegaugeError<'REGAUGE_INVALID_CONFIGURATION'> {
  static override code = 'REGAUGE_INVALID_CONFIGURATION' as const
}

/** A setting was written that doesn't exist. */
export class UnknownSetting extends RegaugeError<'REGAUGE_UNKNOWN_SETTING'> {
  static override code = 'REGAUGE_UNKNOWN_SETTING' as const
}

/** A setting has a value it can't have. */
export class InvalidSetting extends RegaugeError<'REGAUGE_INVALID_SETTING'> {
  static override code = 'REGAUGE_INVALID_SETTING' as const
}

/** A file under `app` doesn't export the class it is named after. */
export class MissingExport extends RegaugeError<'REGAUGE_MISSING_EXPORT'> {
  static override code = 'REGAUGE_MISSING_EXPORT' as const
}

/** A file of the application threw while it was loaded; the original error is the `cause`. */
export class LoadFailed extends RegaugeError<'REGAUGE_LOAD_FAILED'> {
  static override code = 'REGAUGE_LOAD_FAILED' as const
}

/** A route points at a controller that no file exports. */
export class UnknownController extends RegaugeError<'REGAUGE_UNKNOWN_CONTROLLER'> {
  static override code = 'REGAUGE_UNKNOWN_CONTROLLER' as const
}

/** Something is asked of a controller or a model that no file exports. */
export class UnknownCallbackOwner extends RegaugeError<'REGAUGE_UNKNOWN_CALLBACK_OWNER'> {
  static override code = 'REGAUGE_UNKNOWN_CALLBACK_OWNER' as const
}

/** `SECRET_KEY_BASE` is not set in production. */
export class MissingSecretKeyBase extends RegaugeError<'REGAUGE_MISSING_SECRET_KEY_BASE'> {
  static override code = 'REGAUGE_MISSING_SECRET_KEY_BASE' as const
}

/** The configuration names an adapter that doesn't exist. */
export class UnknownAdapter extends RegaugeError<'REGAUGE_UNKNOWN_ADAPTER'> {
  static override code = 'REGAUGE_UNKNOWN_ADAPTER' as const
}

/** Something needed the running application, and there is none. */
export class NotBooted extends RegaugeError<'REGAUGE_NOT_BOOTED'> {
  static override code = 'REGAUGE_NOT_BOOTED' as const
}

/** A worker process ended before it could serve. */
export class WorkerFailed extends RegaugeError<'REGAUGE_WORKER_FAILED'> {
  static override code = 'REGAUGE_WORKER_FAILED' as const
}

/** A class has another parent than its folder asks for. */
export class WrongParent extends RegaugeError<'REGAUGE_WRONG_PARENT'> {
  static override code = 'REGAUGE_WRONG_PARENT' as const
}

/** Sessions are to be kept in the database, which has no table for them. */
export class MissingSessionTable extends RegaugeError<'REGAUGE_MISSING_SESSION_TABLE'> {
  static override code = 'REGAUGE_MISSING_SESSION_TABLE' as const
}

/** Jobs of transactions are to be kept in the database, which has no table for them. */
export class MissingOutboxTable extends RegaugeError<'REGAUGE_MISSING_OUTBOX_TABLE'> {
  static override code = 'REGAUGE_MISSING_OUTBOX_TABLE' as const
}

/** An attribute of a `Current` is called as what every such class has. */
export class InvalidCurrentAttribute extends RegaugeError<'REGAUGE_INVALID_CURRENT_ATTRIBUTE'> {
  static override code = 'REGAUGE_INVALID_CURRENT_ATTRIBUTE' as const
}

/** Something was written into a `Current` that it doesn't have. */
export class UnknownCurrentAttribute extends RegaugeError<'REGAUGE_UNKNOWN_CURRENT_ATTRIBUTE'> {
  static override code = 'REGAUGE_UNKNOWN_CURRENT_ATTRIBUTE' as const
}

/** A `Current` names a method that is called around its reset, and has none of that name. */
export class MissingResetCallback extends RegaugeError<'REGAUGE_MISSING_RESET_CALLBACK'> {
  static override code = 'REGAUGE_MISSING_RESET_CALLBACK' as const
}
