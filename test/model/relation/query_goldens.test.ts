import { expect } from 'chai'
import path from 'node:path'
import { runGolden } from '../../goldens/outcome.ts'

describe('queries recorded from Rails', () => {
  it('find, calculate, load and write as Active Record does on SQLite, but for the listed differences', async () => {
    const { failures, stale, passed } = await runGolden(path.join(import.meta.dirname, '../../goldens/rails/queries.json.gz'))
    expect(failures).to.deep.equal([])
    expect(stale).to.deep.equal([])
    expect(passed).to.be.greaterThan(550)
  })
})
