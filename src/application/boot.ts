import { resolve } from 'node:path'
import { useCacheStore } from '../cache/index.ts'
import { currentExecution } from '../context/index.ts'
import { statusCode, type Status, useControllerSettings, useUrlMaker } from '../controller/index.ts'
import { reporter } from '../errors/reporter.ts'
import {
  ApiErrorRenderer,
  Pipeline,
  type Request,
  type RescueResponses,
  type Routed,
  type Router,
  useRescueResponses,
} from '../http/index.ts'
import { compiledMiddleware } from './middleware.ts'
import { createLogger, filterParameters, type Logger, type LogStream, useLogger } from '../logging/index.ts'
import { useMessages } from '../messages/index.ts'
import { useEncryption, useRepeatedLoadingReaction, useStrictLoadingReaction, useTranslations, withQueryCache } from '../model/index.ts'
import { hasSchema, prisma } from './adapters.ts'
import { Application } from './application.ts'
import { openBrowserState } from './browser_state.ts'
import type { Configuration } from './configuration.ts'
import { checkSettings } from './check_settings.ts'
import { readConfiguration, type Settings } from './configure.ts'
import { useApplication } from './current.ts'
import { openModels } from './database/database.ts'
import { selectingRouter, wrappingRouter } from './database/database_selector.ts'
import { environment } from './environment.ts'
import { NoApplication } from './errors.ts'
import { filteredParameters } from './filtered_parameters.ts'
import { loadApplication } from './loading/load_application.ts'
import { documentationEndpoints } from './documentation.ts'
import { findSource } from './loading/loader.ts'
import { withJobsDashboard } from './jobs/jobs_dashboard.ts'
import { loadRoutes } from './loading/load_routes.ts'
import { readTranslations } from './locales.ts'
import { OpenDaemons } from './daemons.ts'
import { openChannels } from './channels.ts'
import { tellFrameworkEvents } from './framework_events.ts'
import { writeRailsLog } from './rails_log/index.ts'
import { requestObserver } from './request_observer.ts'
import { RouteDispatcher } from './route_dispatcher.ts'
import { routes as urlHelpers } from './route_helpers.ts'
import { registerTypeScript } from './loading/typescript.ts'
import { welcomeEndpoint } from './welcome.ts'
import { openJobs } from './jobs/work.ts'

/** What `boot` takes. */
export interface BootOptions {
  /** The application's folder. */
  readonly root: string
  /** Default: `REGAUGE_ENV`, `NODE_ENV` or development. */
  readonly env?: string | undefined
  /** Whether it is going to serve: opens the queue of jobs, which one process has for itself, at once and not when a job is enqueued, and
   * refuses routes that lead to no action. Default true; commands say false. */
  readonly serves?: boolean | undefined
  /** Changes settings after the configuration files. */
  readonly configure?: ((config: Configuration) => void) | undefined
  /** What `readSettings` has read already. */
  readonly settings?: Settings | undefined
  /** Whether errors that nobody rescued go on to the application that we are mounted in. Default false: we answer them. */
  readonly passesErrors?: boolean | undefined
}

/** Loads an application and makes it ready to serve, in this order: configuration, logger, database, the classes below `app`, routes,
 * jobs, channels, the pipeline, and the work of `config.afterInitialize`. Every name that leads nowhere (a controller, an action, a callback,
 * a column, an association) is an error here, with a hint, and never one of a request.
 *
 * @throws RegaugeError
 * @example
 * const application = await boot({ root: process.cwd() })
 * await application.start()
 */
export async function boot(options: BootOptions): Promise<Application> {
  const config = options.settings ?? (await readSettings(options))
  const { root } = config
  const logger = openLogger(config)

  const loaded = await loadApplication(root)
  const translations = await readTranslations(root, config.i18n)
  const routes = withJobsDashboard(await loadRoutes(root), config, () => application)
  const application: Application = new Application(config, logger, loaded, routes)
  useControllerSettings(config.controller, application)
  useMessages(config.messages, application)
  useEncryption(config.encryption, application)
  useUrlMaker((target) => urlHelpers.urlFor(target), application)
  useRescueResponses(statuses(config.rescueResponses), application)
  useCacheStore(config.cacheStore, application)
  useTranslations(translations, application)
  const { onRepeatedLoading } = config.database
  useRepeatedLoadingReaction(onRepeatedLoading === false ? undefined : { reaction: onRepeatedLoading }, application)
  useStrictLoadingReaction({ violation: config.database.onStrictLoadingViolation }, application)
  useLogger(logger, application)
  filterParameters(filteredParameters(config, loaded.models), application)
  try {
    application.add(await openModels(config, loaded, application))
    application.add(await openJobs(application, options.serves ?? true))
    application.add(await openChannels(application))
    if (options.serves ?? true) application.add({ daemons: new OpenDaemons(application) })
    application.add(await openBrowserState(application))
    application.add({ pipeline: application.run(() => makePipeline(application, builtinEndpoints(application), options)) })
    application.onStop(tellFrameworkEvents(application))
    if (config.log.format === 'rails') application.onStop(writeRailsLog(application))
    useApplication(application)
    for (const hook of config.hooks) await application.run(hook)
  } catch (error) {
    await application.stop()
    throw error
  }
  return application
}

/** Reads and checks the configuration of an application, without opening anything.
 * @throws NoApplication, UnknownSetting, InvalidSetting, LoadFailed
 */
export async function readSettings(options: BootOptions): Promise<Settings> {
  const root = resolve(options.root)
  if (!findSource(root, 'config/routes')) throw new NoApplication({ root })
  if (hasSchema(root)) await prisma() // before the hook of the next line, which slows every import down
  await registerTypeScript()
  const config = await readConfiguration(root, environment(options.env))
  options.configure?.(config)
  checkSettings(config)
  return config
}

/** Opens the log that the configuration describes, for all that doesn't belong to another application.
 * @param stream where it goes: standard output without */
export function openLogger(config: Settings, stream?: LogStream): Logger {
  const { level, format, tags } = config.log
  const logger = createLogger({ level, format, tags, stream })
  useLogger(logger)
  return logger
}

/** The router as the settings of the database want requests to run. */
function routerOf({ database: { queryCache, selector } }: Configuration, dispatcher: RouteDispatcher): Router {
  const selecting = selector === false ? dispatcher : selectingRouter(dispatcher, selector)
  if (queryCache === false) return selecting
  const size = queryCache === true ? undefined : queryCache
  return wrappingRouter(selecting, (_request, run) => withQueryCache(run, size))
}

function builtinEndpoints(application: Application): Map<string, Routed> {
  const { config } = application
  const endpoints = new Map<string, Routed>()
  if (config.env.isDevelopment) endpoints.set('/', { endpoint: welcomeEndpoint(application) })
  if (config.openapi.enabled) for (const [path, routed] of documentationEndpoints(application)) endpoints.set(path, routed)
  return endpoints
}

/** @throws UnknownStatus for a name that HTTP doesn't know */
function statuses(responses: Readonly<Record<string, Status>>): RescueResponses {
  return Object.fromEntries(Object.entries(responses).map(([name, status]) => [name, statusCode(status)]))
}

function makePipeline(
  application: Application,
  builtin: Map<string, Routed>,
  { passesErrors = false, serves = true }: Pick<BootOptions, 'passesErrors' | 'serves'>,
): Pipeline {
  const { config, logger, loaded, routes } = application
  const report = (error: unknown, request: Request) => {
    const { controller, action } = request.pathParameters
    const tell = () => reporter.report(error, { handled: false, context: { request_id: request.requestId, controller, action } })
    // What fails late is told from outside of its request.
    if (currentExecution() === undefined) application.run(tell)
    else tell()
    // A Rails log has it at the end of the request's lines.
    if (config.log.format !== 'rails') logger.error(error instanceof Error ? error.message : String(error), { error })
  }
  const router = routerOf(config, new RouteDispatcher(config.root, routes, loaded.controllers, builtin, serves))
  return new Pipeline({
    router,
    errors: new ApiErrorRenderer({ details: config.http.showErrors, root: config.root, emptyBodies: config.http.emptyErrorBodies, report }),
    ...compiledMiddleware(config),
    ...(application.state && { state: application.state }),
    passesErrors,
    context: { application },
    ...(logger.isLevelEnabled('info') &&
      config.middleware.has('requestLog') &&
      config.log.format !== 'rails' && { onFinish: requestObserver(config, logger) }),
  })
}
