import type { ChildFailure, JobConstraints, JobData, JobFailure, StoredJob } from '../../src/jobs/index.ts'

/** What a job carries as a parent, and as a child. */
export interface FamilyExtras {
  /** The job that waits for it, and where among the children of that it is. */
  readonly parent?: { readonly id: string; readonly queue: string; readonly place: number; readonly onFailure: ChildFailure } | undefined
  readonly onChildFailure?: ChildFailure | undefined
  /** When it may run, if it has children. */
  readonly runAt?: number | undefined
  /** Where its children are, if it isn't where it was when it waited for them. */
  readonly children?: readonly { readonly queue: string; readonly id: string }[] | undefined
  /** Its children that were done before it came from another backend: `SettledChild`s as JSON text, since PostgreSQL takes no character of code 0. */
  readonly settled?: string | undefined
}

/** A child that was done elsewhere, and where among the children of its parent it is. */
export interface SettledChild {
  readonly place: number
  readonly child: StoredJob
}

/** What a job carries for us beside what it carries for its class: in its data, since that is all BullMQ keeps of what it doesn't know. */
export interface Extras extends FamilyExtras {
  readonly constraints?: JobConstraints | undefined
  /** How often its turn came while a limit was reached: BullMQ counts these as starts. */
  readonly held?: number | undefined
  /** When it was to run again, or was let run again, in milliseconds since the epoch. */
  readonly calledAt?: number | undefined
  /** Whether its class gave it up, which its parent may ask. */
  readonly isDiscarded?: boolean | undefined
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

/** What of it a job carries as a parent, and as a child. */
export function familyExtras({ parent, onChildFailure, runAt, children, settled }: Extras): FamilyExtras {
  return { parent, onChildFailure, runAt, children, settled }
}

/** The children that were done elsewhere. */
export function settledIn({ settled }: FamilyExtras): readonly SettledChild[] {
  return settled === undefined ? [] : (JSON.parse(settled) as SettledChild[])
}
