import { currentExecution, endExecution } from '../context/index.ts'
import type { Response } from './response/response.ts'

const answering = new WeakMap<Response, Promise<void>>()

/** Ends the execution of a request when its answer has gone, or its client, and nothing works on the answer any more. */
export function endWithAnswer(response: Response): void {
  const execution = currentExecution()!
  const end = (): void => endExecution(execution)
  response.raw.on('close', () => {
    const working = answering.get(response)
    if (working === undefined) end()
    else working.then(end, end)
  })
}

/** A client that goes early ends nothing before this has settled. */
export function holdEnd(response: Response, work: Promise<void>): void {
  answering.set(response, work)
}
