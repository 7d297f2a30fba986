import { ConnectionClosedError, type IQueueBackend, UnrecoverableError, type WorkerOptions } from 'bullmq'
import { receivedError, type SentError, sentError } from '../../../../src/jobs/remote/wire.ts'

/** Methods of a backend whose arguments and answers are data. */
export type SentMethod = Exclude<
  { [K in keyof IQueueBackend]: IQueueBackend[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof IQueueBackend],
  undefined | 'waitUntilReady' | 'close'
>

/** The options of a queue or worker that its backend goes by. */
export type SentOptions = Pick<
  WorkerOptions<unknown>,
  'name' | 'lockDuration' | 'limiter' | 'maxStalledCount' | 'stalledInterval' | 'removeOnComplete' | 'removeOnFail' | 'metrics'
>

/** A queue, a worker or a listener of another process. */
export interface Introduction {
  readonly name: string
  readonly prefix: string
  readonly workerName: string | undefined
  readonly options: SentOptions
  /** The jobs that it works on, with the tokens of their locks: the owner that knew of them is gone. */
  readonly locks: readonly (readonly [jobId: string, token: string])[]
}

/** What the process that owns the queues of a directory and another one tell each other. */
export type QueueMessage =
  | { readonly kind: 'introduction'; readonly introduction: Introduction }
  | { readonly kind: 'call'; readonly id: number; readonly call: SentCall }
  | { readonly kind: 'answer'; readonly id: number; readonly result?: unknown; readonly error?: BullmqError }
  /** The other process closes its queue. */
  | { readonly kind: 'farewell' }
  /** The owner is about to let go of the directory: nothing more is to be sent to it. */
  | { readonly kind: 'leaving' }
  /** All that was sent before is for the owner that leaves. */
  | { readonly kind: 'left' }

/** The answers to an introduction and to a farewell have these ids. */
export const introductionId = 0
export const farewellId = -1

/** A call of a method. */
export interface SentCall {
  readonly method: SentMethod
  /** By their positions: those that are undefined are left out. */
  readonly args: Readonly<Record<number, unknown>>
  readonly count: number
  /** Of another queue than that of the introduction. */
  readonly queue?: { readonly name: string; readonly prefix: string } | undefined
}

interface BullmqError extends SentError {
  /** The code of a refusal. */
  readonly refusal?: number
}

/** The arguments of a call as they were given. */
export function receivedArgs({ args, count }: SentCall): unknown[] {
  return Array.from({ length: count }, (_, index) => args[index])
}

/** An answer as it is sent: a flow's has errors in it. */
export function sentResult(method: SentMethod, result: unknown): unknown {
  if (method !== 'addFlow' || !Array.isArray(result)) return result
  return result.map(([error, id]: [Error | null, unknown]) => [error === null ? null : sentBullmqError(error), id])
}

/** An answer as it was given. */
export function receivedResult(method: SentMethod, result: unknown): unknown {
  if (method !== 'addFlow' || !Array.isArray(result)) return result
  return result.map(([error, id]: [BullmqError | null, unknown]) => [error === null ? null : receivedBullmqError(error), id])
}

/** An error as it is sent. */
export function sentBullmqError(error: unknown): BullmqError {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return { ...sentError(error), ...(typeof code === 'number' && { refusal: code }) }
}

/** The error that was sent, of the same class. */
export function receivedBullmqError(sent: BullmqError): Error {
  const { name, message, refusal } = sent
  if (name === ConnectionClosedError.name) return new ConnectionClosedError()
  const error = name === UnrecoverableError.name ? new UnrecoverableError(message) : receivedError(sent)
  return refusal === undefined ? error : Object.assign(error, { code: refusal })
}
