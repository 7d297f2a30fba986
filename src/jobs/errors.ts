import { RegaugeError } from '../errors/index.ts'

/** An argument of a job can't be serialised. Thrown at enqueue; the message names the path of the value. */
export class SerializationError extends RegaugeError<'REGAUGE_JOB_SERIALIZATION'> {
  static override code = 'REGAUGE_JOB_SERIALIZATION' as const
}

/** The arguments of a stored job can't be read back; `cause` says why, for instance that a record is gone. */
export class DeserializationError extends RegaugeError<'REGAUGE_JOB_DESERIALIZATION'> {
  static override code = 'REGAUGE_JOB_DESERIALIZATION' as const
}

/** What a stored job carries can't be read: the disk, or somebody, changed it. */
export class JobDataUnreadable extends RegaugeError<'REGAUGE_JOB_DATA_UNREADABLE'> {
  static override code = 'REGAUGE_JOB_DATA_UNREADABLE' as const
}

/** A stored job names a class that this process doesn't know. */
export class UnknownJobClass extends RegaugeError<'REGAUGE_UNKNOWN_JOB_CLASS'> {
  static override code = 'REGAUGE_UNKNOWN_JOB_CLASS' as const
}

/** A job was enqueued before a backend was set up. */
export class NoJobBackend extends RegaugeError<'REGAUGE_NO_JOB_BACKEND'> {
  static override code = 'REGAUGE_NO_JOB_BACKEND' as const
}

/** An option of a job class or of `set` makes no sense. */
export class InvalidJobOption extends RegaugeError<'REGAUGE_INVALID_JOB_OPTION'> {
  static override code = 'REGAUGE_INVALID_JOB_OPTION' as const
}

/** A job was enqueued whose class doesn't say what it does. */
export class MissingPerform extends RegaugeError<'REGAUGE_MISSING_PERFORM'> {
  static override code = 'REGAUGE_MISSING_PERFORM' as const
}

/** Two job classes have one name. */
export class DuplicateJobClass extends RegaugeError<'REGAUGE_DUPLICATE_JOB_CLASS'> {
  static override code = 'REGAUGE_DUPLICATE_JOB_CLASS' as const
}

/** Another live process owns the queue's directory. */
export class QueueOwned extends RegaugeError<'REGAUGE_QUEUE_OWNED'> {
  static override code = 'REGAUGE_QUEUE_OWNED' as const
}

/** A file of the queue is of an unknown version, or can't be read at all. */
export class QueueUnreadable extends RegaugeError<'REGAUGE_QUEUE_UNREADABLE'> {
  static override code = 'REGAUGE_QUEUE_UNREADABLE' as const
}

/** The queue's directory can't be made or written. */
export class QueueDirectoryUnusable extends RegaugeError<'REGAUGE_QUEUE_DIRECTORY'> {
  static override code = 'REGAUGE_QUEUE_DIRECTORY' as const
}

/** The journal couldn't be written, for instance because the disk is full. The jobs of the call were not enqueued. */
export class QueueWriteFailed extends RegaugeError<'REGAUGE_QUEUE_WRITE_FAILED'> {
  static override code = 'REGAUGE_QUEUE_WRITE_FAILED' as const
}

/** Redis or PostgreSQL takes no jobs: it has no room left, may not be written, or doesn't know who asks. */
export class QueueRefused extends RegaugeError<'REGAUGE_QUEUE_REFUSED'> {
  static override code = 'REGAUGE_QUEUE_REFUSED' as const
}

/** The queue was closed. */
export class QueueClosed extends RegaugeError<'REGAUGE_QUEUE_CLOSED'> {
  static override code = 'REGAUGE_QUEUE_CLOSED' as const
}

/** The process that owns the queue went away before it said whether the jobs are stored. */
export class QueueOwnerLost extends RegaugeError<'REGAUGE_QUEUE_OWNER_LOST'> {
  static override code = 'REGAUGE_QUEUE_OWNER_LOST' as const
}

/** The process that owns the queue is of another version of this package, and speaks another language. */
export class QueueProtocolMismatch extends RegaugeError<'REGAUGE_QUEUE_PROTOCOL'> {
  static override code = 'REGAUGE_QUEUE_PROTOCOL' as const
}

/** Redis or PostgreSQL, where the jobs are kept, can't be reached. Whether the jobs of the call are stored is not known. */
export class QueueUnreachable extends RegaugeError<'REGAUGE_QUEUE_UNREACHABLE'> {
  static override code = 'REGAUGE_QUEUE_UNREACHABLE' as const
}

/** The data of a job are larger than the limit. */
export class JobTooLarge extends RegaugeError<'REGAUGE_JOB_TOO_LARGE'> {
  static override code = 'REGAUGE_JOB_TOO_LARGE' as const
}

/** A custom id that could be taken for one of the engine's. */
export class InvalidJobId extends RegaugeError<'REGAUGE_INVALID_JOB_ID'> {
  static override code = 'REGAUGE_INVALID_JOB_ID' as const
}

/** Another job of the same unique key is there already, and the class asks for an error then. Nothing was enqueued. */
export class DuplicateJob extends RegaugeError<'REGAUGE_DUPLICATE_JOB'> {
  static override code = 'REGAUGE_DUPLICATE_JOB' as const
}

/** Too many jobs wait, and it didn't get better in time. Nothing was enqueued. */
export class QueueFull extends RegaugeError<'REGAUGE_QUEUE_FULL'> {
  static override code = 'REGAUGE_QUEUE_FULL' as const
}

/** A job ran longer than its class allows. */
export class JobTimeout extends RegaugeError<'REGAUGE_JOB_TIMEOUT'> {
  static override code = 'REGAUGE_JOB_TIMEOUT' as const
}

/** A step of a continuable job can't be run as it is written. */
export class InvalidStep extends RegaugeError<'REGAUGE_INVALID_STEP'> {
  static override code = 'REGAUGE_INVALID_STEP' as const
}

/** A schedule in config/recurring.yml makes no sense. */
export class InvalidSchedule extends RegaugeError<'REGAUGE_INVALID_SCHEDULE'> {
  static override code = 'REGAUGE_INVALID_SCHEDULE' as const
}

/** A job was interrupted more often than its class allows. */
export class ResumeLimitReached extends RegaugeError<'REGAUGE_RESUME_LIMIT'> {
  static override code = 'REGAUGE_RESUME_LIMIT' as const
}

/** No job has this id. */
export class UnknownJob extends RegaugeError<'REGAUGE_UNKNOWN_JOB'> {
  static override code = 'REGAUGE_UNKNOWN_JOB' as const
}

/** Jobs are never in a state of this name. */
export class UnknownJobState extends RegaugeError<'REGAUGE_UNKNOWN_JOB_STATE'> {
  static override code = 'REGAUGE_UNKNOWN_JOB_STATE' as const
}

/** Jobs are to be moved while a move in another direction isn't finished. */
export class MoveUnfinished extends RegaugeError<'REGAUGE_MOVE_UNFINISHED'> {
  static override code = 'REGAUGE_MOVE_UNFINISHED' as const
}
