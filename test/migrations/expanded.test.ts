import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { InvalidRoute, type RouteSet } from '../../src/routing/index.ts'
import { checkTable } from '../goldens/runners/routing/check_table.ts'
import type { Call, RoutingTest } from '../goldens/runners/routing/types.ts'
import { drawExpanded, type ExpandedDraw } from './expanded_draws.ts'
import { removeFolders } from './rails_app.ts'

type RecordedTest = RoutingTest & { readonly hand_portable?: unknown }

/** Draws that differ on purpose. */
const differences: Readonly<Record<string, string>> = {
  'TestRoutingMapper#test_match_with_many_paths_containing_a_slash':
    'Rails 8.1 refuses several paths in one call, which Rails 7 draws. The porter reads the files of both, and draws each path.',
}

/** Each file of Rails' routing suite, and how many routes files its portable tests hold as Ruby text. */
const files: Readonly<Record<string, number>> = { 'rails-routing': 424, 'rails-routing-extra': 64 }

function recorded(name: string): RecordedTest[] {
  const path = join(import.meta.dirname, `../goldens/routing/${name}.json.gz`)
  const golden = JSON.parse(gunzipSync(readFileSync(path)).toString()) as RecordedTest[] | { tests: RecordedTest[] }
  const tests = Array.isArray(golden) ? golden : golden.tests
  return tests.filter((test) => test.classification === 'portable' || test.hand_portable)
}

function raised(calls: readonly Call[]): boolean {
  return calls.some((call) => call.raised !== undefined || raised(call.children ?? []))
}

async function check(test: RoutingTest, index: number, sets: RouteSet[]): Promise<void> {
  const draw = test.draws[index] as ExpandedDraw
  if (draw.error === undefined && !raised(draw.trace ?? [])) {
    sets[index] = await drawExpanded(test, index, sets)
    checkTable(sets[index], draw.table ?? [])
    return
  }
  const outcome = await drawExpanded(test, index, sets).catch((error: unknown) => error)
  expect(outcome, 'what must not be drawn').to.be.an.instanceOf(Error)
  if (!(outcome as Error).message.startsWith('left:')) expect(outcome).to.be.an.instanceOf(InvalidRoute)
}

describe("the Ruby text of Rails' routing suite, ported", () => {
  afterEach(removeFolders)

  for (const [name, count] of Object.entries(files)) {
    describe(name, () => {
      const tests = recorded(name)
      const draws = tests.flatMap((test) =>
        [...test.draws.keys()].filter((index) => (test.draws[index] as ExpandedDraw).expanded !== undefined),
      )

      it(`holds ${count} routes files`, () => {
        expect(draws).to.have.length(count)
      })

      for (const test of tests) {
        const indexes = [...test.draws.keys()].filter((index) => (test.draws[index] as ExpandedDraw).expanded !== undefined)
        if (indexes.length === 0 || Object.hasOwn(differences, test.id)) continue
        it(`draws ${test.id} as Rails does`, async () => {
          const sets: RouteSet[] = []
          for (const index of indexes) await check(test, index, sets)
        })
      }

      for (const [id, reason] of Object.entries(differences).filter(([id]) => tests.some((test) => test.id === id))) {
        it(`differs on purpose in ${id}: ${reason}`, async () => {
          const test = tests.find((one) => one.id === id)!
          const sets: RouteSet[] = []
          expect((await drawExpanded(test, 0, sets)).routes).to.not.have.length(0)
        })
      }
    })
  }
})
