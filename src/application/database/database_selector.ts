import type { Endpoint, Request, Routed, Router } from '../../http/index.ts'
import { connectedTo } from '../../model/index.ts'

type Answer = void | Promise<void>

/** Where is kept when a client wrote last, so that its next requests read what it wrote. */
export interface WriteMemory {
  /** When the client of a request wrote last, in milliseconds since 1970; undefined when it hasn't. */
  lastWrite(request: Request): number | undefined | Promise<number | undefined>
  noteWrite(request: Request, time: number): void | Promise<void>
}

/** How requests are sent to the replica. */
export interface DatabaseSelectorSettings {
  /** For how many seconds after a write a client reads from the database that is written to. Default: 2. */
  readonly delay?: number
  /** Default: the session, under `last_write` as Rails keeps it there. */
  readonly memory?: WriteMemory
}

/** Runs what answers GET and HEAD in the role `reading`, and all else in the role `writing`: Rails' `DatabaseSelector`. A client that has just
 * written reads from the database that is written to, where nothing may be written meanwhile either. */
export function selectingRouter(router: Router, { delay = 2, memory = sessionMemory }: DatabaseSelectorSettings): Router {
  return wrappingRouter(router, (request, run) => select(request, memory, delay * 1000, run))
}

/** Runs every endpoint of a router inside of something. */
export function wrappingRouter(router: Router, around: (request: Request, run: () => Answer) => Answer): Router {
  const wrapped = new WeakMap<Endpoint, Endpoint>()
  const selecting = (endpoint: Endpoint): Endpoint => {
    let known = wrapped.get(endpoint)
    if (known === undefined) {
      known = (request, response) => around(request, () => endpoint(request, response))
      wrapped.set(endpoint, known)
    }
    return known
  }
  const selected = (routed: Routed | null): Routed | null => {
    if (routed === null) return null
    const { endpoint, otherwise } = routed
    if (endpoint !== undefined) return { ...routed, endpoint: selecting(endpoint) }
    return otherwise === undefined ? routed : { ...routed, otherwise: () => selected(otherwise()) }
  }
  return { find: (request) => selected(router.find(request)) }
}

function select(request: Request, memory: WriteMemory, delay: number, run: () => Answer): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return write(request, memory, run)
  const lastWrite = memory.lastWrite(request)
  return lastWrite instanceof Promise ? lastWrite.then((time) => read(time, delay, run)) : read(lastWrite, delay, run)
}

function read(lastWrite: number | undefined, delay: number, run: () => Answer): Answer {
  const wroteLongAgo = lastWrite === undefined || Date.now() - lastWrite >= delay
  return connectedTo({ role: wroteLongAgo ? 'reading' : 'writing', preventWrites: true }, run)
}

async function write(request: Request, memory: WriteMemory, run: () => Answer): Promise<void> {
  try {
    await connectedTo({ role: 'writing', preventWrites: false }, run)
  } finally {
    await memory.noteWrite(request, Date.now())
  }
}

const key = 'last_write'

const sessionMemory: WriteMemory = {
  lastWrite(request) {
    if (!request.sessionState.exists) return undefined
    const loading = request.sessionState.load()
    return loading instanceof Promise ? loading.then(() => timeIn(request)) : timeIn(request)
  },
  async noteWrite(request, time) {
    await request.sessionState.load()
    request.session[key] = time
  },
}

/** A session may hold anything, as its browser may have got it from an older version of the application. */
function timeIn(request: Request): number | undefined {
  const time = Number(request.session[key])
  return Number.isFinite(time) ? time : undefined
}
