import { type LogFields, type Logger, type LogLevel, logger } from '../logging/index.ts'
import { underscore } from '../naming/index.ts'
import { declareBase, NotificationSubscriber } from './notification_subscriber.ts'

const levels = new WeakMap<object, Map<string, LogLevel>>()

/** Writes log lines about the events of a namespace, each in its method of that name: Rails' `ActiveSupport::LogSubscriber`. Its lines have the fields and tags of the
 * request or job that the event is of.
 *
 * @example
 * class SlowJobs extends notifications.LogSubscriber {
 *   static { this.subscribeLogLevel('perform', 'warn') }
 *   perform(event: notifications.NotificationEvent) {
 *     if (event.duration > 1000) this.warn('a slow job', { job: event.payload['job'].constructor.name })
 *   }
 * }
 * SlowJobs.attachTo('active_job')
 */
export abstract class LogSubscriber extends NotificationSubscriber {
  /** Calls a method only while lines of a level are written. */
  static subscribeLogLevel<S extends LogSubscriber>(this: abstract new () => S, method: keyof S & string, level: LogLevel): void {
    const own = levels.get(this) ?? new Map<string, LogLevel>()
    levels.set(this, own.set(underscore(method), level))
  }

  /** Where lines are written to. */
  get logger(): Logger {
    return logger
  }

  debug(message: string | Error, fields?: LogFields): void {
    this.logger.debug(message, fields)
  }

  info(message: string | Error, fields?: LogFields): void {
    this.logger.info(message, fields)
  }

  warn(message: string | Error, fields?: LogFields): void {
    this.logger.warn(message, fields)
  }

  error(message: string | Error, fields?: LogFields): void {
    this.logger.error(message, fields)
  }

  fatal(message: string | Error, fields?: LogFields): void {
    this.logger.fatal(message, fields)
  }

  override listensTo(method: string): boolean {
    const level = levelOf(this.constructor, underscore(method))
    return level === undefined || this.logger.isLevelEnabled(level)
  }
}

declareBase(LogSubscriber)

function levelOf(subscriberClass: object | null, method: string): LogLevel | undefined {
  if (subscriberClass === null) return undefined
  return levels.get(subscriberClass)?.get(method) ?? levelOf(Object.getPrototypeOf(subscriberClass) as object | null, method)
}
