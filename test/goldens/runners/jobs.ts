import { isDeepStrictEqual } from 'node:util'
import { type RetryWait, useJobBackend, useRecordLocator } from '../../../src/jobs/index.ts'
import { deserializeArguments, serializeArguments } from '../../../src/jobs/index.ts'
import { retryDelay } from '../../../src/jobs/performing/retry.ts'
import { comparableContinuation, type ContinuableCase, replayContinuation } from './job_continuations.ts'
import { comparablePayload, type EnqueueCase, hasEnqueueLine, replayEnqueue } from './job_enqueues.ts'
import { replayRun, type RunCase, withFixedWorld } from './job_runs.ts'
import { replayDelay, replaySidekiq, type SidekiqCase, type SidekiqDelayCase } from './job_sidekiq.ts'
import { addRecordedSerializers, decodeValue, recordedLocator } from './job_values.ts'

interface SerializeCase {
  id: string
  kind: 'serialize'
  value: unknown
  serialized?: unknown
  roundtrip?: unknown
  error?: { class: string; message: string }
}

interface DeserializeCase {
  id: string
  kind: 'deserialize'
  serialized: unknown
  result: unknown
}

interface DelayCase {
  id: string
  kind: 'delay'
  wait: number | { $sym: string }
  executions: number
  jitter: number
  rand: number
  delay: number
}

type Case =
  | SerializeCase
  | DeserializeCase
  | DelayCase
  | ContinuableCase
  | SidekiqCase
  | SidekiqDelayCase
  | (RunCase & { kind: 'run' })
  | (EnqueueCase & { kind: 'enqueue' })

/** The golden file of jobs. Cases of kinds of other rooms are passed over. */
export interface JobsGolden {
  cases: Case[]
}

/** Plays every case that this runner knows and compares with what Active Job did. */
export async function run(golden: JobsGolden): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  addRecordedSerializers()
  useRecordLocator(recordedLocator)
  const failed: { id: string; reason: string }[] = []
  let passed = 0
  try {
    for (const recorded of golden.cases) {
      const reason = await reasonOf(recorded).catch((error: Error) => `raised ${error.stack}`)
      if (reason === null) continue
      if (reason === undefined) passed++
      else failed.push({ id: recorded.id, reason })
    }
  } finally {
    useRecordLocator(undefined)
    useJobBackend(undefined)
  }
  return { passed, failed }
}

/** Undefined when the case passes, null when it is of a kind not played here. */
async function reasonOf(recorded: Case): Promise<string | undefined | null> {
  if (recorded.kind === 'serialize') return serializes(recorded)
  if (recorded.kind === 'deserialize') return deserializes(recorded)
  if (recorded.kind === 'delay') return delays(recorded)
  if (recorded.kind === 'run') {
    const { returned, initial, executions, transcript } = recorded
    return difference(await replayRun(recorded), { returned, initial, executions, transcript })
  }
  if (recorded.kind === 'enqueue') return hasEnqueueLine(recorded) ? enqueues(recorded) : null
  if (recorded.kind === 'continuable') return continues(recorded)
  if (recorded.kind === 'sidekiq') return pushes(recorded)
  if (recorded.kind === 'sidekiq_delay') return difference(replayDelay(recorded), recorded.base)
  return null
}

/** The text in the queues is compared, too, wherever no random id of Active Job is in it. */
async function pushes(recorded: SidekiqCase): Promise<string | undefined | null> {
  const replayed = await replaySidekiq(recorded)
  if (replayed === undefined) return null
  const expectedError = (recorded.returned as { $error?: { message: string } } | null)?.$error
  if ('error' in replayed) return expectedError === undefined ? `refused: ${replayed.error.message}` : undefined
  if (expectedError !== undefined) return `should be refused: ${expectedError.message}`
  const raw = recorded.raw_queue_json.some((text) => text.includes('job_id'))
    ? undefined
    : difference(replayed.raw, recorded.raw_queue_json)
  return difference(replayed.redis, recorded.redis) ?? raw
}

async function continues(recorded: ContinuableCase): Promise<string | undefined> {
  const { payloads, transcript } = await replayContinuation(recorded)
  return difference(
    plain({ payloads, transcript }),
    plain({ payloads: recorded.payloads.map(comparableContinuation), transcript: recorded.transcript }),
  )
}

async function serializes({ value, serialized, error }: SerializeCase): Promise<string | undefined> {
  const given = decodeValue(value)
  const locator = recordedLocator
  let result: unknown
  try {
    result = plain(serializeArguments([given], locator)[0])
  } catch (thrown) {
    return error === undefined ? `refused: ${(thrown as Error).message}` : undefined
  }
  if (error !== undefined) return `should be refused: ${error.message}`
  const again = (await deserializeArguments([JSON.parse(JSON.stringify(result))], locator))[0]
  return difference(result, withoutIndifference(serialized)) ?? difference(again, given)
}

async function deserializes({ serialized, result }: DeserializeCase): Promise<string | undefined> {
  const expected = result as { $error?: { message: string } } | null
  const [value, error] = await deserializeArguments([serialized], recordedLocator).then(
    ([found]) => [found, undefined] as const,
    (thrown: Error) => [undefined, thrown] as const,
  )
  if (expected?.$error !== undefined) return difference(error?.message, expected.$error.message)
  return error === undefined ? difference(plain(value), plain(decodeValue(result))) : error.message
}

async function delays({ wait, executions, jitter, rand, delay }: DelayCase): Promise<string | undefined> {
  const algorithm: RetryWait = typeof wait === 'number' ? wait : (wait.$sym as 'polynomially_longer')
  const ours = await withFixedWorld(rand, async () => retryDelay(algorithm, executions, jitter, 'Job'))
  return difference(Math.round(ours * 1e9) / 1e9, delay)
}

async function enqueues(recorded: EnqueueCase): Promise<string | undefined> {
  const { returned, enqueued } = await replayEnqueue(recorded)
  const expectedError = (recorded.returned as { $error?: object } | null)?.$error
  const returnedRight =
    expectedError === undefined
      ? difference(returned, recorded.returned)
      : returned !== null && '$error' in Object(returned)
        ? undefined
        : 'no error'
  return returnedRight ?? difference(plain(enqueued), recorded.enqueued.map(comparablePayload))
}

/** A Hash that takes strings and symbols alike is one with string keys here. */
function withoutIndifference(serialized: unknown): unknown {
  if (Array.isArray(serialized)) return serialized.map(withoutIndifference)
  if (typeof serialized !== 'object' || serialized === null) return serialized
  const { _aj_hash_with_indifferent_access: isIndifferent, ...fields } = serialized as Record<string, unknown>
  const entries = Object.entries(fields).map(([key, value]) => [key, withoutIndifference(value)] as const)
  return { ...Object.fromEntries(entries), ...(isIndifferent === true && { _aj_symbol_keys: [] }) }
}

/** The same value without differences of prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

function difference(ours: unknown, theirs: unknown): string | undefined {
  if (isDeepStrictEqual(ours, theirs)) return undefined
  return `ours: ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs)}`
}
