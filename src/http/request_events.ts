import { currentExecution, runExecution } from '../context/index.ts'
import { channel } from '../notifications/index.ts'
import type { Request } from './request/request.ts'
import type { Response } from './response/response.ts'

/** Rails' event of a whole request: it ends when the answer has gone, or its client has. */
export const requestEvents = channel('request.action_dispatch')

/** Begins the event of a request. Its `finish` runs in the execution of the request; `request.error` says what nobody rescued. */
export function observeRequest(request: Request, response: Response): void {
  const execution = currentExecution()
  const event = requestEvents.begin({ request })
  response.raw.on('close', () => {
    if (execution === undefined) event.end()
    else runExecution(execution, () => event.end())
  })
}
