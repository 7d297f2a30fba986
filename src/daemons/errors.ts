import { RegaugeError } from '../errors/index.ts'

/** A daemon is to run in a scope that doesn't exist. */
export class InvalidDaemonScope extends RegaugeError<'REGAUGE_INVALID_DAEMON_SCOPE'> {
  static override code = 'REGAUGE_INVALID_DAEMON_SCOPE' as const
}
