import type { JobData, Outcome, ProcessOptions, ReservedJob } from '../backend.ts'
import {
  DuplicateJob,
  InvalidJobId,
  JobTooLarge,
  QueueClosed,
  QueueDirectoryUnusable,
  QueueFull,
  QueueProtocolMismatch,
  QueueUnreadable,
  QueueWriteFailed,
} from '../errors.ts'
import type { RegaugeError } from '../../errors/index.ts'

/** A way by which two processes send each other messages: JSON, in order. */
export interface MessageWire<M> {
  send(message: M): void
  /** Called with each message of the other side. */
  receive(handler: (message: M) => void): void
}

/** What the process that owns the queue and one that shares it tell each other. */
export type Wire = MessageWire<SharedMessage>

/** Methods of a backend that are called from afar, by their names; `process` and `stop` name a worker by a number of its process. */
export type RemoteCall =
  | { readonly method: PlainMethod; readonly args: readonly unknown[] }
  | { readonly method: 'process'; readonly worker: number; readonly options: ProcessOptions }
  | { readonly method: 'stop'; readonly worker: number; readonly timeout: number | undefined }

/** Methods whose arguments and answers are data. */
export type PlainMethod =
  | 'add'
  | 'counts'
  | 'countsByQueue'
  | 'metrics'
  | 'list'
  | 'retry'
  | 'remove'
  | 'pause'
  | 'resume'
  | 'paused'
  | 'schedule'
  | 'schedules'
  | 'find'
  | 'children'

/** One message. */
export type SharedMessage =
  | ({ readonly kind: 'call'; readonly id: number } & RemoteCall)
  | { readonly kind: 'answer'; readonly id: number; readonly result?: unknown; readonly error?: SentError }
  | { readonly kind: 'job'; readonly run: number; readonly worker: number; readonly job: ReservedJob }
  | { readonly kind: 'progress'; readonly run: number; readonly data: JobData }
  | { readonly kind: 'outcome'; readonly run: number; readonly outcome: Outcome }
  /** The owner is about to let go of the queue: nothing more is to be sent to it. */
  | { readonly kind: 'leaving' }
  /** All that was sent before is for the owner that leaves. */
  | { readonly kind: 'left' }

/** An error on its way to another process. */
export interface SentError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly details?: unknown
}

const errorClasses = [
  DuplicateJob,
  InvalidJobId,
  JobTooLarge,
  QueueClosed,
  QueueDirectoryUnusable,
  QueueFull,
  QueueProtocolMismatch,
  QueueUnreadable,
  QueueWriteFailed,
]

/** An error as it is sent. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { code, details } = error as Partial<RegaugeError>
  return { name: error.name, message: error.message, ...(typeof code === 'string' && { code }), ...(details !== undefined && { details }) }
}

/** The error that was sent: of the same class, for those that a queue throws. */
export function receivedError({ name, message, code, details }: SentError): Error {
  const found = errorClasses.find((one) => one.code === code)
  if (found !== undefined) return new found(details as never)
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) })
}
