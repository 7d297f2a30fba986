import type { ReservedJob } from '../../../src/jobs/index.ts'
import { unwrapJob } from './active_job.ts'
import { hasInexactNumber } from './exact_numbers.ts'
import { type CompleteItem, completeItem, payloadText, type SidekiqWrite } from './item.ts'

/** How often the process may die while it runs a job before the job goes to the dead set, as with the embedded queue. */
const mostDeaths = 10
/** What is longer isn't read, but goes to the dead set: the limit of the embedded queue. */
const longestPayload = 8_000_000

/** A job out of Redis, where others write, too; undefined for what is none. */
export function readJob(payload: string): { readonly item: CompleteItem; readonly job: ReservedJob } | undefined {
  if (payload.length > longestPayload) return undefined
  try {
    const item = completeItem(JSON.parse(payload) as CompleteItem, Date.now() / 1000)
    return { item, job: unwrapJob(item) }
  } catch {
    return undefined
  }
}

export function deadWrite(payload: string): SidekiqWrite {
  return { to: 'dead', score: Date.now() / 1000, payload }
}

/** Only Sidekiq Enterprise has the key. */
const encrypted = {
  name: 'EncryptedArguments',
  message: 'Its arguments are encrypted: only the Sidekiq that has the key can perform it.',
}

/** Rails may have such, as where ids are of 64 bits. */
const inexact = {
  name: 'InexactNumber',
  message: 'It has a whole number above 9007199254740991, which JavaScript would take for another: hand it over as a text.',
}

export function deadAfter(item: CompleteItem, { name, message }: { readonly name: string; readonly message: string }): SidekiqWrite {
  return deadWrite(payloadText({ ...item, error_class: name, error_message: message, failed_at: Date.now() / 1000 }))
}

/** Whether a job is part of a batch of Sidekiq Pro. */
export function isOfBatch(payload: string): boolean {
  return payload.includes('"bid"') && typeof readJob(payload)?.item['bid'] === 'string'
}

/** Puts a job among the dead that can't be written again as it is, with the reason behind what it has. */
function deadAsItIs(payload: string, { name, message }: { readonly name: string; readonly message: string }): SidekiqWrite {
  const reason = `"error_class":${JSON.stringify(name)},"error_message":${JSON.stringify(message)},"failed_at":${(Date.now() / 1000).toFixed(3)}`
  return deadWrite(`${payload.trimEnd().slice(0, -1)},${reason}}`)
}

/** What becomes of a job that isn't for us to run; undefined for all others. */
export function writeOfRefusal(payload: string, item: CompleteItem): SidekiqWrite | undefined {
  if (hasInexactNumber(payload)) return deadAsItIs(payload, inexact)
  return item['encrypt'] === true ? deadAfter(item, encrypted) : undefined
}

/** The process that ran a job has died: it runs again, unless that happened too often. */
export function writeAfterDeath(payload: string): SidekiqWrite {
  const item = readJob(payload)?.item
  if (item === undefined) return deadWrite(payload)
  const refusal = writeOfRefusal(payload, item)
  if (refusal !== undefined) return refusal
  const deaths = (Number(item['regauge_deaths']) || 0) + 1
  if (deaths <= mostDeaths) return { to: 'queue', queue: item.queue, payload: payloadText({ ...item, regauge_deaths: deaths }) }
  return deadAfter(item, { name: 'ProcessDied', message: `The process died ${deaths} times while it ran.` })
}
