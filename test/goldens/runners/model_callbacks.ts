import { mock } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { useDependentsQueue } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../../model/test_database.ts'
import type { GoldenResult } from '../golden_file.ts'
import { frozenTime, LifeCycle, type Step } from './model_callbacks/life_cycle.ts'
import type { ModelSpec } from './model_callbacks/models.ts'
import { schemaOf, type Tables } from './model_callbacks/schema.ts'
import { comparable } from './model_callbacks/values.ts'

interface CallbacksCase {
  readonly id: string
  readonly models: Record<string, ModelSpec>
  readonly steps: readonly Step[]
  readonly transcript: readonly string[]
  readonly results: readonly unknown[]
}

export interface CallbacksGolden {
  readonly about: { readonly tables: Tables }
  readonly cases: readonly CallbacksCase[]
}

/** Plays the recorded lives of records on tables of our own, and compares what their callbacks said, in order, and what every step answered
 * or threw. The statements are ours to choose. */
export async function run({ about, cases }: CallbacksGolden): Promise<GoldenResult> {
  const test = await testDatabase(schemaOf(about.tables))
  const failed: { id: string; reason: string }[] = []
  // The recording's jobs were kept and not run.
  useDependentsQueue({ add: () => undefined })
  mock.timers.enable({ apis: ['Date'], now: frozenTime })
  try {
    for (const recorded of cases) {
      for (const table of [...Object.keys(about.tables), 'sqlite_sequence']) await test.database.execute(`delete from ${table}`, [])
      mock.timers.setTime(frozenTime.getTime())
      const reason = await play(recorded, test).catch((error: Error) => `runner: ${error.stack ?? error.message}`)
      if (reason !== undefined) failed.push({ id: recorded.id, reason })
    }
  } finally {
    mock.timers.reset()
    useDependentsQueue(undefined)
    await test.close()
  }
  return { passed: cases.length - failed.length, failed }
}

async function play(recorded: CallbacksCase, test: TestDatabase): Promise<string | undefined> {
  const life = new LifeCycle(recorded.models, test)
  const results: unknown[] = []
  for (const step of recorded.steps) results.push(await life.play(step))
  const expected = recorded.transcript.filter((line) => !line.startsWith('sql: ')).map((line) => line.replace(/^rescued [^:]*/, 'rescued'))
  if (!isDeepStrictEqual(life.log, expected)) return `said ${JSON.stringify(life.log)}\nnot  ${JSON.stringify(expected)}`
  for (const [place, step] of recorded.steps.entries()) {
    const [actual, wanted] = [comparable(results[place]), comparable(recorded.results[place])]
    if (!isDeepStrictEqual(actual, wanted))
      return `${JSON.stringify(step)} answered ${JSON.stringify(actual)}\nnot ${JSON.stringify(wanted)}`
  }
  return undefined
}
