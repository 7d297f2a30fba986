import { expect } from 'chai'
import path from 'node:path'
import { runGolden } from '../../goldens/outcome.ts'

describe('validations recorded from Rails', () => {
  it('answer as there, but for the listed differences', async () => {
    const { failures, stale, passed } = await runGolden(path.join(import.meta.dirname, '../../goldens/rails/validations.json.gz'))
    expect(failures).to.deep.equal([])
    expect(stale).to.deep.equal([])
    expect(passed).to.be.greaterThan(685)
  })
})
