import type { JobConstraints, JobData, JobFailure } from '../../src/jobs/index.ts'

/** What a job carries for us beside what it carries for its class: in its data, since that is all BullMQ keeps of what it doesn't know. */
export interface Extras {
  readonly constraints?: JobConstraints | undefined
  /** How often its turn came while a limit was reached: BullMQ counts these as starts. */
  readonly held?: number | undefined
  /** What it was before it came from another backend. */
  readonly before?: { readonly attempts: number; readonly error?: JobFailure | undefined } | undefined
}

const key = '_regauge'

/** The data that BullMQ is given. PostgreSQL takes no character of code 0, so data with one go as text, in which it is written out. */
export function pack(data: JobData, extras: Extras): JobData {
  const text = JSON.stringify(data)
  if (text.includes('\\u0000')) return packExtras({}, { ...extras, text })
  return packExtras(data, extras)
}

function packExtras(data: JobData, extras: Extras & { readonly text?: string }): JobData {
  const given = Object.entries(extras).filter(([, value]) => value !== undefined && value !== 0)
  return given.length === 0 ? data : { ...data, [key]: Object.fromEntries(given) }
}

/** The data of a job of BullMQ, and what we added to them. */
export function unpack(packed: unknown): { readonly data: JobData; readonly extras: Extras } {
  const { [key]: carried = {}, ...plain } = packed as JobData
  const { text, ...extras } = carried as Extras & { readonly text?: string }
  return { data: text === undefined ? plain : (JSON.parse(text) as JobData), extras }
}
