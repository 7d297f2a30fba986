import { join } from 'node:path'
import { expect } from 'chai'
import { runGolden } from '../goldens/outcome.ts'

/** Each file: its tests from the recorded calls, and those that draw something from their Ruby text, through the porter. */
const files = {
  'rails-routing': { calls: [415, 417], text: [410, 412] },
  'rails-routing-extra': { calls: [85, 87], text: [83, 85] },
} as const

describe("Routing beside Rails' own suite", () => {
  for (const [file, { calls, text }] of Object.entries(files)) {
    it(`agrees with every recorded test of ${file}, drawn and ported, but for the listed differences`, async () => {
      const outcome = await runGolden(join(import.meta.dirname, `../goldens/routing/${file}.json.gz`))
      expect(outcome.failures).to.deep.equal([])
      expect(outcome.stale).to.deep.equal([])
      expect(outcome.ways).to.deep.equal([
        { way: 'from the call tree', passed: calls[0], total: calls[1] },
        { way: 'from the Ruby text', passed: text[0], total: text[1] },
      ])
    })
  }
})
