import { expect } from 'chai'
import path from 'node:path'
import { runGolden } from '../../goldens/outcome.ts'

describe('queries recorded from Rails on PostgreSQL', () => {
  it('find, calculate, load and write as Active Record does, but for the listed differences', async function () {
    if (process.env['TEST_POSTGRES_URL'] === undefined) return this.skip()
    const { failures, stale, passed } = await runGolden(path.join(import.meta.dirname, '../../goldens/rails/queries_pg.json.gz'))
    expect(failures).to.deep.equal([])
    expect(stale).to.deep.equal([])
    expect(passed).to.be.greaterThan(550)
  }).timeout(300_000)
})
