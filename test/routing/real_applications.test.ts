import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readGolden } from '../goldens/golden_file.ts'
import { type AppGolden, run } from '../goldens/runners/routing/app_table.ts'

const folder = join(import.meta.dirname, '../goldens/apps')

describe('Recognition in the route tables of real applications', () => {
  for (const file of readdirSync(folder)) {
    it(`finds what Rails found in ${file.replace('.json.gz', '')}`, async () => {
      const golden = (await readGolden(join(folder, file))) as AppGolden
      const { passed, failed } = await run(golden)
      expect(failed).to.deep.equal([])
      expect(passed).to.equal(golden.probes.length)
    })
  }
})
