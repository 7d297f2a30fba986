import { isDeepStrictEqual } from 'node:util'
import { type TestApplication, testApplication } from '../../../src/testing/index.ts'
import { type JobBackend, useJobBackend } from '../../../src/jobs/index.ts'
import { createLogger, useLogger } from '../../../src/logging/index.ts'
import { type NotificationEvent, structuredEvents, type StructuredEvent, subscribe, unsubscribe } from '../../../src/notifications/index.ts'
import { applicationWith, removeFolders } from '../../application/folder.ts'
import { inject } from '../../http/injected.ts'
import { cableScenarios } from './notifications/cable_scenarios.ts'
import { ourStructured, recordedStructured, type StructuredRecord } from './notifications/comparable_structured.ts'
import { comparableLines, ourEvent, type RecordedEvent, recordedEvent, untagged } from './notifications/comparable.ts'
import { postsFiles } from './notifications/posts_files.ts'
import { type Classes, type RecordedRequest, scenarios } from './notifications/scenarios.ts'

interface NotificationCase {
  readonly id: string
  readonly events: readonly RecordedEvent[]
  readonly log: readonly string[]
  readonly structured: readonly StructuredRecord[]
  readonly response?: { readonly status: number; readonly content_type: string | null; readonly body: unknown }
  readonly result?: unknown
}

interface Outcome {
  readonly events: readonly NotificationEvent[]
  readonly lines: readonly string[]
  readonly structured?: readonly StructuredRecord[] | undefined
  readonly response?: { readonly status: number; readonly contentType: string | undefined; readonly body: string } | undefined
  readonly result: unknown
}

/** The adapter of the recording. */
class TestBackend {
  async add(entries: readonly unknown[]): Promise<string[]> {
    return entries.map((_entry, index) => String(index))
  }
}

/** Runs what the recorder of `notifications.json` did, in its order, and compares the events, the lines of the log and the answers. */
export async function run(golden: { cases: NotificationCase[] }): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const modes = [...new Set(golden.cases.map(({ id }) => id.split('.', 2).join('.')))]
  const failed: { id: string; reason: string }[] = []
  for (const mode of modes) {
    const outcomes = await withFrozenClock(() => play(mode))
    for (const one of golden.cases.filter(({ id }) => id.startsWith(`${mode}.`))) {
      const outcome = outcomes.get(one.id.slice(mode.length + 1))
      const reason = outcome === undefined ? 'there is nothing of the kind here' : difference(one, outcome, mode.startsWith('development'))
      if (reason !== undefined) failed.push({ id: one.id, reason })
    }
  }
  return { passed: golden.cases.length - failed.length, failed }
}

/** The recording's clock stands still. */
async function withFrozenClock<T>(work: () => Promise<T>): Promise<T> {
  const { Date: RealDate } = globalThis
  const moment = RealDate.parse('2026-01-15T12:00:00Z')
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [number | string | Date]) {
      super(args[0] ?? moment)
    }
    static override now(): number {
      return moment
    }
  } as DateConstructor
  try {
    return await work()
  } finally {
    globalThis.Date = RealDate
  }
}

/** Plays all scenarios in an application of a mode: environment, and log level or tags. */
async function play(mode: string): Promise<ReadonlyMap<string, Outcome>> {
  const [env = '', kind] = mode.split('.')
  const level = kind === 'debug' ? 'debug' : 'info'
  const tags = kind === 'tagged' ? ['request_id'] : []
  const test = await testApplication({
    root: applicationWith(postsFiles),
    env,
    configure: (config) => {
      Object.assign(config.log, { level, format: 'rails', tags })
      config.hosts = []
      config.http.emptyErrorBodies = true
    },
  })
  const text: string[] = []
  const events: NotificationEvent[] = []
  useLogger(createLogger({ format: 'rails', level, tags, stream: { write: (line) => text.push(line) } }), test.application)
  useJobBackend(new TestBackend() as unknown as JobBackend, test.application)
  const subscription = subscribe(/^[^!]/, (event) => events.push(event))
  const structured: StructuredRecord[] = []
  const structuredSubscriber = {
    emit: ({ name, tags, context, payload }: StructuredEvent) => void structured.push({ name, tags, context, payload }),
  }
  structuredEvents.subscribe(structuredSubscriber)
  try {
    const classes = Object.fromEntries(test.application.classes().map((one) => [one.name, one])) as unknown as Classes
    const outcomes = new Map<string, Outcome>()
    await test.run(() => seed(classes))
    for (const [name, scenario] of [['warmup', scenarios['index']!] as const, ...Object.entries(scenarios)]) {
      text.length = events.length = structured.length = 0
      const done = typeof scenario === 'function' ? { result: await test.run(() => scenario(classes)) } : await request(test, scenario)
      outcomes.set(name, {
        result: undefined,
        ...done,
        events: [...events],
        structured: [...structured],
        lines: text.join('').split('\n').slice(0, -1),
      })
    }
    for (const [name, step] of Object.entries(cableScenarios())) {
      text.length = events.length = 0
      await step(test)
      outcomes.set(name, { result: undefined, events: [...events], lines: text.join('').split('\n').slice(0, -1) })
    }
    return outcomes
  } finally {
    unsubscribe(subscription)
    structuredEvents.unsubscribe(structuredSubscriber)
    await test.stop()
    removeFolders()
  }
}

async function seed({ User, Post }: Classes): Promise<void> {
  await User!['createOrThrow']!({ name: 'Ann', email: 'a@x' })
  await Post!['createOrThrow']!({ title: 'One', user_id: 1 })
  await Post!['createOrThrow']!({ title: 'Two', user_id: 1 })
}

async function request(test: TestApplication, { method, path, headers, body }: RecordedRequest) {
  const answer = await inject(test.application.pipeline.handle, {
    method,
    path,
    headers: { 'X-Request-Id': 'req-1', ...headers },
    body: body === undefined ? undefined : Buffer.from(body),
    remoteAddress: '127.0.0.1',
  })
  const contentType = /^content-type: (.*)$/im.exec(answer.head)?.[1]
  return { response: { status: answer.status, contentType, body: answer.body } }
}

function difference(one: NotificationCase, outcome: Outcome, showsErrors: boolean): string | undefined {
  // Pages of errors are no templates here.
  const expected = one.events.filter(({ name }) => !name.endsWith('.action_view')).map(recordedEvent)
  const got = outcome.events.map(ourEvent)
  for (let i = 0; i < Math.max(expected.length, got.length); i++) {
    if (!isDeepStrictEqual(expected[i], got[i])) return `event ${i}: expected ${show(expected[i])}, got ${show(got[i])}`
  }
  const lines = comparableLines(outcome.lines)
  const wanted = comparableLines(one.log.filter((line) => !/^(?:\[[^\]]*\] )* {2}Render(?:ing|ed) /.test(line)))
  for (let i = 0; i < Math.max(lines.length, wanted.length); i++) {
    if (lines[i] !== wanted[i]) return `line ${i}: expected ${show(wanted[i])}, got ${show(lines[i])}`
  }
  // Pages of errors are no templates here, and V8 doesn't tell what collecting garbage took.
  const told = one.structured.filter(({ name }) => !name.startsWith('action_view.')).map(recordedStructured)
  const ours = (outcome.structured ?? []).map(ourStructured)
  if (!isDeepStrictEqual(ours, told)) {
    const place = told.findIndex((event, index) => !isDeepStrictEqual(event, ours[index]))
    return `structured ${place}: expected ${show(told[place] ?? told.length)}, got ${show(ours[place] ?? ours.length)}`
  }
  if (one.response !== undefined) return responseDifference(one.response, outcome.response!, showsErrors)
  if (one.result === undefined || isDeepStrictEqual(one.result, plainResult(outcome.result))) return undefined
  return `result: expected ${show(one.result)}, got ${show(outcome.result)}`
}

function responseDifference(
  expected: NonNullable<NotificationCase['response']>,
  got: NonNullable<Outcome['response']>,
  showsErrors: boolean,
): string | undefined {
  if (expected.status !== got.status) return `status: expected ${expected.status}, got ${got.status}`
  const isErrorPage = expected.content_type?.endsWith('charset=UTF-8') === true && expected.status >= 400
  const parsed = parse(got.body)
  // In development the body of an error is a page to browsers, and tells its trace in another shape; what every client reads is the same.
  if (isErrorPage && showsErrors) {
    if (typeof expected.body === 'string') return undefined
    const { status, error } = expected.body as { status: unknown; error: unknown }
    const ours = parsed as { status?: unknown; error?: unknown }
    return status === ours.status && error === ours.error ? undefined : `body: expected ${show(expected.body)}, got ${got.body}`
  }
  if (expected.content_type !== (got.contentType ?? null)) return `type: expected ${expected.content_type}, got ${got.contentType}`
  const body = untagged(expected.body)
  return isDeepStrictEqual(body, untagged(parsed)) ? undefined : `body: expected ${show(body)}, got ${got.body}`
}

/** Node.js writes texts in single quotes. */
function plainResult(result: unknown): unknown {
  return typeof result === 'string' ? result.replaceAll("'", '"') : JSON.parse(JSON.stringify(result))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 700)
}
