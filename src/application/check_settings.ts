import { didYouMean } from '../naming/index.ts'
import { checkJobsSettings } from './jobs/check_jobs_settings.ts'
import type { Configuration } from './configuration.ts'
import { workerCount } from './cluster/worker_count.ts'
import { InvalidSetting, UnknownAdapter } from './errors.ts'
import { checkSecretKeyBase } from './secret_key_base.ts'

/** Refuses values that a setting can't have, before anything is opened with them.
 *
 * @throws UnknownAdapter for a queue or transport that doesn't exist, InvalidSetting for other values, both with a suggestion
 */
export function checkSettings(config: Configuration): void {
  const { cable, controller, daemons, http, jobs, log, session } = config
  oneOf('log.level', log.level, ['debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  oneOf('log.format', log.format, ['json', 'text', 'rails'])
  oneOf('database.onStrictLoadingViolation', config.database.onStrictLoadingViolation, ['raise', 'log'])
  oneOf('database.onRepeatedLoading', config.database.onRepeatedLoading, [false, 'raise', 'log'])
  checkDatabases(config)
  if (typeof config.database.queryCache !== 'boolean') wholeNumber('database.queryCache', config.database.queryCache, 1)
  checkJobsSettings(jobs)
  oneOf('controller.onUnpermittedParameters', controller.onUnpermittedParameters, ['log', 'raise', false])
  wholeNumber('http.port', Number.isNaN(http.port) ? process.env['PORT'] : http.port, 0, 65_535)
  wholeNumber('http.shutdownTimeout', http.shutdownTimeout, 0)
  wholeNumber('http.writeTimeout', http.writeTimeout, 0)
  wholeNumber('http.minWriteRate', http.minWriteRate, 0)
  wholeNumber('http.backlog', http.backlog, 1)
  wholeNumber('http.maxRequestsPerConnection', http.maxRequestsPerConnection, 0)
  if (http.maxConnections !== undefined) wholeNumber('http.maxConnections', http.maxConnections, 1)
  if (http.socketMode !== undefined) wholeNumber('http.socketMode', http.socketMode, 0, 0o777)
  if (http.http2 === true && http.tls === undefined) {
    throw new InvalidSetting({
      setting: 'http.http2',
      value: 'true',
      expected: 'config.http.tls to be set too: browsers speak HTTP/2 over TLS only',
    })
  }
  workerCount(config)
  wholeNumber('daemons.lease', daemons.lease, 1)
  checkSecretKeyBase(config.secretKeyBase)
  oneOf('keyGeneratorDigest', config.keyGeneratorDigest, ['SHA256', 'SHA1'])
  if (typeof session.store !== 'object') adapter('session', session.store, ['cookie', 'memory', 'database', 'redis', 'disabled'])
  for (const transport of cable.transports) adapter('cable', transport, ['actioncable', 'socket.io'])
}

/** Names must lead somewhere before anything is opened. */
function checkDatabases({ database: { others, roles, selector }, middleware, session }: Configuration): void {
  const names = ['primary', ...Object.keys(others)]
  for (const [role, name] of Object.entries(roles)) oneOf(`database.roles.${role}`, name, names)
  for (const [name, { replicaOf, url }] of Object.entries(others)) {
    if (replicaOf !== undefined)
      oneOf(
        `database.others.${name}.replicaOf`,
        replicaOf,
        names.filter((each) => others[each]?.replicaOf === undefined),
      )
    if (typeof url === 'string' && url !== '' && name !== 'primary') continue
    const setting = `database.others.${name}`
    throw new InvalidSetting({
      setting,
      value: printed(url),
      expected: name === 'primary' ? 'another name: primary is config.database.url' : 'the URL of a database',
    })
  }
  if (selector === false) return
  if (selector.delay !== undefined) wholeNumber('database.selector.delay', selector.delay, 0)
  const expected = 'a memory of its own, { memory }, or sessions: it keeps there who has just written'
  const hasSessions = session.store !== 'disabled' && middleware.has('session')
  if (selector.memory === undefined && !hasSessions)
    throw new InvalidSetting({ setting: 'database.selector', value: 'without a memory', expected })
  if (roles['reading'] === undefined)
    throw new InvalidSetting({
      setting: 'database.roles.reading',
      value: 'undefined',
      expected: 'the name of a database: database.selector sends requests there',
    })
}

function adapter(kind: string, name: unknown, known: readonly string[]): void {
  if (!known.includes(name as string)) throw new UnknownAdapter({ kind, name: String(name), suggestion: didYouMean(String(name), known) })
}

function oneOf(setting: string, value: unknown, allowed: readonly (string | false)[]): void {
  if (allowed.includes(value as string)) return
  const names = allowed.filter((name) => name !== false)
  const suggestion = typeof value === 'string' ? didYouMean(value, names) : undefined
  throw new InvalidSetting({ setting, value: printed(value), expected: `one of ${allowed.map(printed).join(', ')}`, suggestion })
}

function wholeNumber(setting: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`
  throw new InvalidSetting({ setting, value: printed(value), expected: `a whole number ${range}` })
}

function printed(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
