import { didYouMeanText, row } from '../row.ts'

/** Errors of booting an application. */
export const applicationErrors = {
  REGAUGE_NO_APPLICATION: row(
    500,
    (d: { root: string }) => `There is no application in ${d.root}: config/routes.ts is missing.`,
    'Run the command in the application folder, pass --root DIR, or make an application with `regauge new NAME`.',
  ),
  REGAUGE_UNKNOWN_ENVIRONMENT: row(
    500,
    (d: { name: string; file: string; suggestion?: string | undefined }) =>
      `The '${d.name}' environment could not be found: ${d.file} doesn't exist.${didYouMeanText(d.suggestion)}`,
    'Check NODE_ENV or REGAUGE_ENV, or write the file.',
  ),
  REGAUGE_INVALID_CONFIGURATION: row(
    500,
    (d: { file: string; reason: string }) => `${d.file}: ${d.reason}`,
    'A configuration file exports default configure((config) => { … }).',
  ),
  REGAUGE_UNKNOWN_SETTING: row(
    500,
    (d: { file: string; setting: string; suggestion?: string | undefined }) =>
      `${d.file}: there is no setting config.${d.setting}.${didYouMeanText(d.suggestion)}`,
    "The type Configuration of 'regauge' lists the settings. What the application needs for itself belongs in a module of its own.",
  ),
  REGAUGE_INVALID_SETTING: row(
    500,
    (d: { setting: string; value: string; expected: string; suggestion?: string | undefined }) =>
      `config.${d.setting} can't be ${d.value}; expected ${d.expected}.${didYouMeanText(d.suggestion)}`,
    'Settings are written in config/application, config/environments and config/initializers, and some come from the environment, as PORT does.',
  ),
  REGAUGE_MISSING_EXPORT: row(
    500,
    (d: { file: string; expected: string; found: readonly string[] }) =>
      `${d.file} should export ${d.expected}, but exports ${d.found.length > 0 ? d.found.join(', ') : 'nothing'}.`,
    'A file is named after the class it exports: orders_controller.ts exports OrdersController.',
  ),
  REGAUGE_WRONG_PARENT: row(
    500,
    (d: { file: string; name: string; parent: string }) => `${d.name} in ${d.file} doesn't extend ${d.parent}.`,
  ),
  REGAUGE_LOAD_FAILED: row(
    500,
    (d: { file: string; line?: number | undefined; reason: string }) =>
      `${d.file}${d.line === undefined ? '' : `:${d.line}`} could not be loaded: ${d.reason}`,
  ),
  REGAUGE_UNKNOWN_CONTROLLER: row(
    500,
    (d: { controller: string; route: string; suggestion?: string | undefined }) =>
      `The route ${d.route} points at ${d.controller}, which doesn't exist.${didYouMeanText(d.suggestion)}`,
    'Export the controller from a file under app/controllers, or correct the route.',
  ),
  REGAUGE_UNKNOWN_CALLBACK_OWNER: row(
    500,
    (d: { name: string; kinds: string; suggestion?: string | undefined }) =>
      `There is no ${d.kinds} '${d.name}'.${didYouMeanText(d.suggestion)}`,
    'Controllers are those of app/controllers: ArticlesController, Admin::ArticlesController or admin/articles. Models are those of app/models: Article.',
  ),
  REGAUGE_MISSING_SECRET_KEY_BASE: row(
    500,
    (_: Record<never, never>) => 'SECRET_KEY_BASE is not set.',
    'In production set SECRET_KEY_BASE to at least 64 random hexadecimal characters (the one of the Rails application, to share its cookies).',
  ),
  REGAUGE_UNKNOWN_ADAPTER: row(
    500,
    (d: { kind: string; name: string; suggestion?: string | undefined }) =>
      `There is no ${d.kind} adapter '${d.name}'.${didYouMeanText(d.suggestion)}`,
  ),
  REGAUGE_MISSING_SESSION_TABLE: row(
    500,
    (d: { reason: string }) => `The database can't keep sessions: ${d.reason}.`,
    'Add to db/schema.prisma: model Session { id Int @id @default(autoincrement()) session_id String @unique data String? created_at DateTime updated_at DateTime @@map("sessions") }, where data is @db.Text, or @db.LongText in MySQL.',
  ),
  REGAUGE_MISSING_OUTBOX_TABLE: row(
    500,
    (d: { reason: string }) => `The database can't keep jobs until they are in the queue: ${d.reason}.`,
    'Add to db/schema.prisma: model JobOutbox { id String @id entry String created_at DateTime @@map("job_outbox") }, where entry is @db.Text, or @db.LongText in MySQL; or leave config.jobs.outbox at false.',
  ),
  REGAUGE_BULL_BOARD_MISSING: row(
    500,
    (d: { reason: string }) => `config.jobs.dashboard has a path, but Bull Board can't be loaded: ${d.reason}`,
    'Run npm install @bull-board/api @bull-board/express.',
  ),
  REGAUGE_REDIS_MISSING: row(
    500,
    (_: Record<never, never>) => "Redis is configured, but the package ioredis isn't installed.",
    'Run npm install ioredis.',
  ),
  REGAUGE_WORKER_FAILED: row(
    500,
    (d: { number: number }) => `Worker ${d.number} ended before it could serve.`,
    'What it printed says why. With --workers 0 the application runs in one process.',
  ),
  REGAUGE_INVALID_CURRENT_ATTRIBUTE: row(
    500,
    (d: { class: string; attribute: string }) =>
      `${d.class} can't have an attribute '${d.attribute}': every such class has something of that name.`,
    'Choose another name.',
  ),
  REGAUGE_UNKNOWN_CURRENT_ATTRIBUTE: row(
    500,
    (d: { class: string; attribute: string; suggestion?: string | undefined }) =>
      `${d.class} has no attribute '${d.attribute}'.${didYouMeanText(d.suggestion)}`,
    "Declare it: static { this.attribute('…') }.",
  ),
  REGAUGE_MISSING_RESET_CALLBACK: row(
    500,
    (d: { class: string; callback: string; suggestion?: string | undefined }) =>
      `${d.class} calls '${d.callback}' around its reset, but has no static method of that name.${didYouMeanText(d.suggestion)}`,
    'Write the method, or correct the name in beforeReset or resets.',
  ),
  REGAUGE_NOT_BOOTED: row(
    500,
    (_: Record<never, never>) => 'No application is running.',
    'Call boot() first; tests call it through regauge/testing.',
  ),
} as const
