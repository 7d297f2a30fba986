import { didYouMeanText, row } from '../row.ts'

/** Errors of jobs, of their arguments and of the queue on disk. */
export const jobErrors = {
  REGAUGE_MOVE_UNFINISHED: row(
    500,
    (d: { from: string; to: string }) => `A move of jobs from ${d.from} to ${d.to} was interrupted and isn't finished.`,
    'Run regauge jobs:move with that direction again first.',
  ),
  REGAUGE_JOB_SERIALIZATION: row(
    500,
    (d: { path: string; reason: string }) => `Can't serialize the job argument ${d.path}: ${d.reason}`,
    'Pass strings, numbers, booleans, null, dates, durations, saved records, and arrays, objects or Maps of these; for a class of your own there is addJobSerializers().',
  ),
  REGAUGE_JOB_DESERIALIZATION: row(
    500,
    (d: { reason: string }) => `Error while trying to deserialize arguments: ${d.reason}`,
    'A record may have been deleted since: discardOn(DeserializationError) drops such jobs.',
  ),
  REGAUGE_JOB_DATA_UNREADABLE: row(
    500,
    (d: { id: string; name: string; reason: string }) => `The data of the job ${d.id} (${d.name}) can't be read: ${d.reason}.`,
    "It can't be run: enqueue again what it was for, and forget it with `regauge jobs discard`.",
  ),
  REGAUGE_UNKNOWN_JOB_CLASS: row(
    500,
    (d: { name: string; suggestion?: string | undefined }) =>
      `Failed to instantiate job, class \`${d.name}\` doesn't exist.${didYouMeanText(d.suggestion)}`,
    'The job is kept. It runs when a process starts that exports the class from a file under app/jobs, app/workers or app/sidekiq.',
  ),
  REGAUGE_NO_JOB_BACKEND: row(
    500,
    (d: { job?: string }) =>
      `${d.job === undefined ? 'There is nothing to measure' : `${d.job} can't be enqueued`}: no job backend is running.`,
    'Boot the application first. In a test without one, testJobs() of regauge/testing is enough.',
  ),
  REGAUGE_INVALID_JOB_OPTION: row(
    500,
    (d: { job: string; option: string; reason: string; hint?: string | undefined }) => `${d.job}: ${d.option} ${d.reason}`,
    (d) => d.hint,
  ),
  REGAUGE_MISSING_PERFORM: row(
    500,
    (d: { job: string }) => `${d.job} has no method perform.`,
    'Write perform(…): it does the work, with the arguments given to performLater.',
  ),
  REGAUGE_DUPLICATE_JOB_CLASS: row(
    500,
    (d: { name: string }) => `Two job classes are called ${d.name}.`,
    'Stored jobs know their class by its name: rename one of them.',
  ),
  REGAUGE_QUEUE_OWNED: row(
    500,
    (d: { directory: string; pid: number; host: string; isUnseen?: boolean | undefined }) =>
      `The job queue in ${d.directory} is in use by process ${d.pid} on ${d.host}.`,
    (d) =>
      d.isUnseen
        ? 'Whether that process of another machine or container lives can not be seen from here: it counts as gone when it has not refreshed its lock for 20 seconds. Wait so long if it has ended; else stop it, or give this process a directory of its own.'
        : 'One process owns a queue directory. Stop that process, or give this one a directory of its own.',
  ),
  REGAUGE_QUEUE_UNREADABLE: row(500, (d: { file: string; reason: string }) => `The job queue file ${d.file} can't be read: ${d.reason}`),
  REGAUGE_QUEUE_DIRECTORY: row(
    500,
    (d: { directory: string; reason: string }) => `The job queue directory ${d.directory} can't be used: ${d.reason}`,
    'It must exist or be creatable, and be writable by this process.',
  ),
  REGAUGE_QUEUE_WRITE_FAILED: row(
    503,
    (d: { directory: string; reason: string }) => `The job could not be stored in ${d.directory}: ${d.reason}`,
    'Nothing was enqueued. Free disk space, then enqueue again.',
  ),
  REGAUGE_QUEUE_OWNER_LOST: row(
    503,
    (d: { directory: string }) => `The process that owns the job queue in ${d.directory} ended before it said whether the job is stored.`,
    'Enqueue the job again: it may run twice then. One with an id of its own is added again by itself.',
  ),
  REGAUGE_QUEUE_PROTOCOL: row(
    500,
    (d: { directory: string; theirs?: number | undefined; ours: number }) =>
      `The processes that use the job queue in ${d.directory} don't understand each other: ${
        d.theirs === undefined ? 'an unknown version of the protocol' : `version ${d.theirs} of the protocol`
      } was met, and version ${d.ours} expected.`,
    'They run different versions of regauge: restart the older ones.',
  ),
  REGAUGE_QUEUE_UNREACHABLE: row(
    503,
    (d: { reason: string }) => `The job queue can't be reached: ${d.reason}.`,
    'Look after the Redis or PostgreSQL that config.jobs.backend names. The job may be stored nevertheless: enqueued again it may run twice.',
  ),
  REGAUGE_QUEUE_REFUSED: row(
    503,
    (d: { reason: string }) => `The job queue takes no jobs: ${d.reason}.`,
    'Give the Redis or PostgreSQL that config.jobs.backend names room and the right to be written, or name it with its password; then enqueue again.',
  ),
  REGAUGE_QUEUE_CLOSED: row(503, (_d: object) => 'The job queue is closed.', 'The process is shutting down.'),
  REGAUGE_JOB_TOO_LARGE: row(
    500,
    (d: { name: string; bytes: number; limit: number }) =>
      `The data of ${d.name} are ${d.bytes} characters, more than the limit of ${d.limit}.`,
    'Store what is large elsewhere and pass its id.',
  ),
  REGAUGE_INVALID_JOB_ID: row(500, (d: { id: string }) => `A job id of one's own can't be a number: ${d.id}`, 'Put a letter in front.'),
  REGAUGE_INVALID_SIDEKIQ_JOB: row(
    500,
    (d: { reason: string }) => `A job for Sidekiq ${d.reason}.`,
    'Pass strings, finite numbers, booleans, null, and arrays and plain objects of these, and only options that Sidekiq itself has.',
  ),
  REGAUGE_WRONG_REDIS_TYPE: row(
    500,
    (d: { key: string; found: string; expected: string }) =>
      `The key '${d.key}' of Redis is a ${d.found}, where Sidekiq keeps a ${d.expected}.`,
    'Something else uses the same database of Redis: give each one of its own, then move or delete the key.',
  ),
  REGAUGE_UNKNOWN_JOB: row(404, (d: { id: string }) => `There is no job ${d.id}.`, '`regauge jobs list` shows those there are.'),
  REGAUGE_UNKNOWN_JOB_STATE: row(
    500,
    (d: { name: string; known: string; suggestion?: string | undefined }) =>
      `Jobs are never '${d.name}', but ${d.known}.${didYouMeanText(d.suggestion)}`,
  ),
  REGAUGE_DUPLICATE_JOB: row(
    409,
    (d: { name: string; id: string }) => `${d.name} is enqueued already, as job ${d.id}.`,
    "unique({ conflict: 'discard' }) drops such a job without an error.",
  ),
  REGAUGE_QUEUE_FULL: row(
    503,
    (d: { limit: number; timeout: number }) => `The job could not be enqueued within ${d.timeout} ms: ${d.limit} jobs or more wait.`,
    'Let more jobs run at a time, or raise jobs.backPressure.highWater.',
  ),
  REGAUGE_JOB_TIMEOUT: row(500, (d: { job: string; seconds: number }) => `${d.job} did not finish within ${d.seconds} seconds.`),
  REGAUGE_INVALID_STEP: row(500, (d: { job: string; step: string; reason: string }) => `${d.job}: the step '${d.step}' ${d.reason}`),
  REGAUGE_RESUME_LIMIT: row(500, (d: { job: string; limit: number }) => `${d.job} was resumed a maximum of ${d.limit} times.`),
  REGAUGE_INVALID_SCHEDULE: row(
    500,
    (d: { key: string; reason: string }) => `The recurring task '${d.key}' in config/recurring.yml ${d.reason}`,
    'A task is { class, args, schedule, queue, priority }, its schedule a cron line or such as "every 5 minutes" or "at 5am every day".',
  ),
  REGAUGE_BULLMQ_UNREADABLE: row(
    500,
    (d: { reason: string }) => `BullMQ's tables can't be looked at in PostgreSQL: ${d.reason}`,
    'Check --connection or config.jobs.backend, and what its role may do.',
  ),
  REGAUGE_BULLMQ_MISSING: row(
    500,
    (d: { reason: string }) => `The job backend 'bullmq' needs the package bullmq, which can't be loaded: ${d.reason}`,
    'Run `npm install bullmq ioredis`.',
  ),
} as const
