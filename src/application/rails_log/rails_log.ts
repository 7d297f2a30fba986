import { currentExecution } from '../../context/index.ts'
import { type Logger, logger } from '../../logging/index.ts'
import { type EventHandler, type StartFinishHandler, subscribe, type Subscription, unsubscribe } from '../../notifications/index.ts'
import { Request } from '../../http/index.ts'
import type { Application } from '../application.ts'
import { isSilenced } from '../request_observer.ts'
import { actionLines } from './action_lines.ts'
import { cableActionLine, cableLines } from './cable_lines.ts'
import { errorLines } from './error_lines.ts'
import { jobLines } from './job_lines.ts'
import { startedLine } from './request_lines.ts'
import { statementLine } from './statement_lines.ts'

/** Makes the lines of a Rails log of what happens in an application: its log subscribers.
 * @returns what ends it
 */
export function writeRailsLog(application: Application): () => void {
  const { config } = application
  const silenced = config.log.silencedPaths
  const isOurs = () => {
    const { application: running, request } = currentExecution() ?? {}
    if (running !== undefined && running !== application) return false
    return silenced.length === 0 || !(request instanceof Request) || !isSilenced(request.path, silenced)
  }
  const on = (name: string, handler: EventHandler): Subscription => subscribe(name, (event) => (isOurs() ? handler(event) : undefined))
  const subscriptions = [
    subscribe('request.action_dispatch', requests(isOurs)),
    ...Object.entries(actionLines({ ends: config.env.isDevelopment ? '\n\n' : '', hasDatabase: application.database !== undefined })).map(
      ([name, handler]) => on(name, handler),
    ),
    ...Object.entries({ ...jobLines, ...cableLines }).map(([name, handler]) => on(name, handler)),
    subscribe('perform_action.action_cable', {
      start: (_name, _id, payload) => (isOurs() ? cableActionLine(payload) : undefined),
      finish: () => {},
    }),
  ]
  // Statements are written at the level debug only: else nobody listens to them.
  if (application.logger.isLevelEnabled('debug')) subscriptions.push(on('sql.active_record', writeStatement(logger)))
  return () => subscriptions.forEach(unsubscribe)
}

function writeStatement(log: Logger): EventHandler {
  return (event) => {
    const line = statementLine(event)
    if (line !== undefined) log.debug(line)
  }
}

function requests(isOurs: () => boolean): StartFinishHandler {
  return {
    start(_name, _id, payload) {
      if (isOurs()) logger.info(startedLine(payload))
    },
    finish(_name, _id, payload) {
      if (!isOurs()) return
      const lines = errorLines(payload)
      if (lines !== undefined) logger.fatal(lines)
    },
  }
}
