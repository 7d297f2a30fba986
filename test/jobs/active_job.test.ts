import { expect } from 'chai'
import { join } from 'node:path'
import { differencesFor } from '../goldens/differences.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { type JobsGolden, run } from '../goldens/runners/jobs.ts'

describe('jobs, against what Active Job did', () => {
  it('serialise, enqueue, call back, retry and discard as recorded, but for the listed differences', async () => {
    const golden = (await readGolden(join(import.meta.dirname, '../goldens/rails/jobs.json.gz'))) as JobsGolden
    const differences = differencesFor('jobs')
    const { passed, failed } = await run(golden)
    expect(failed.filter(({ id }) => !(id in differences))).to.deep.equal([])
    expect(passed).to.be.greaterThan(300)
  })
})
