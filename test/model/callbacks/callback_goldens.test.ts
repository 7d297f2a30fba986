import { expect } from 'chai'
import path from 'node:path'
import { runGolden } from '../../goldens/outcome.ts'

describe('lives of records recorded from Rails', () => {
  it('run their callbacks in the recorded order and answer as there, but for the listed differences', async () => {
    const { failures, stale, passed } = await runGolden(path.join(import.meta.dirname, '../../goldens/rails/model_callbacks.json.gz'))
    expect(failures).to.deep.equal([])
    expect(stale).to.deep.equal([])
    expect(passed).to.be.greaterThan(270)
  })
})
