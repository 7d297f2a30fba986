import type net from 'node:net'
import { QueueProtocolMismatch } from '../errors.ts'
import { longestLine, MessageLines } from './message_lines.ts'
import { type SentError, sentError } from './wire.ts'

/** The version of what an owner and the others say to each other, raised by each change that one of an older version wouldn't understand. */
export const protocolVersion = 2

/** What is said first: in the form of a call, to which an owner of any version has an answer. */
interface Greeting {
  readonly kind: string
  readonly id?: number
  readonly method?: string
  readonly protocol?: unknown
}

/** What an owner says to it. */
interface GreetingAnswer {
  readonly result?: { readonly protocol?: unknown }
  readonly error?: SentError
}

/** What an owner keeps in memory for another process that doesn't read, beside the last message. */
const mostUnreadBytes = 64 * 1024 * 1024

/** How long an owner may take to answer a greeting: one that was stopped, or is busy with something else, takes it and says nothing. */
const answerMilliseconds = 5000
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater, clearTimeout: forget } = globalThis

const greeting: Greeting = { kind: 'call', id: 0, method: 'hello', protocol: protocolVersion }

/** Greets the owner of a directory.
 *
 * @returns the wire to it; undefined when it is gone, or doesn't answer
 * @throws QueueProtocolMismatch (REGAUGE_QUEUE_PROTOCOL) when it is of another version
 */
export async function greetOwner(socket: net.Socket, directory: string): Promise<MessageLines<unknown> | undefined> {
  const lines = new MessageLines<unknown>(socket, { longestSent: longestLine })
  const gone = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)))
  lines.send(greeting)
  const timer = runLater(() => socket.destroy(), answerMilliseconds)
  const answer = (await Promise.race([lines.next(), gone])) as GreetingAnswer | undefined
  forget(timer)
  if (answer === undefined) return undefined
  const refusal = answer.error?.code === QueueProtocolMismatch.code ? (answer.error.details as { readonly ours?: unknown }) : undefined
  const theirs = versionOf(answer.result?.protocol ?? refusal?.ours)
  if (theirs === protocolVersion) return lines
  socket.destroy()
  throw new QueueProtocolMismatch({ directory, theirs, ours: protocolVersion })
}

/** Waits for the greeting of another process. One of another version is told so, in the form of an answer to what it said, and let go.
 *
 * @param accept called with the wire to one of the same version
 */
export async function awaitGreeting(socket: net.Socket, directory: string, accept: (wire: MessageLines<unknown>) => void): Promise<void> {
  const lines = new MessageLines<unknown>(socket, { mostUnread: mostUnreadBytes, longestReceived: longestLine })
  const { id = 0, method, protocol } = (await lines.next()) as Greeting
  const theirs = method === 'hello' ? versionOf(protocol) : undefined
  if (theirs === protocolVersion) {
    lines.send({ kind: 'answer', id, result: { protocol: protocolVersion } })
    accept(lines)
  } else {
    lines.send({ kind: 'answer', id, error: sentError(new QueueProtocolMismatch({ directory, theirs, ours: protocolVersion })) })
    // What else it says isn't waited for.
    socket.end(() => socket.destroy())
  }
}

function versionOf(value: unknown): number | undefined {
  return Number.isInteger(value) ? Number(value) : undefined
}
