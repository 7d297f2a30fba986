import { join } from 'node:path'
import { expect } from 'chai'
import { runGolden } from '../goldens/outcome.ts'

describe("Routing beside Rails' own suite", () => {
  for (const [file, passed] of [
    ['rails-routing', 415],
    ['rails-routing-extra', 84],
  ] as const) {
    it(`agrees with every recorded test of ${file} but for the listed differences`, async () => {
      const outcome = await runGolden(join(import.meta.dirname, `../goldens/routing/${file}.json.gz`))
      expect(outcome.failures).to.deep.equal([])
      expect(outcome.stale).to.deep.equal([])
      expect(outcome.passed).to.equal(passed)
    })
  }
})
