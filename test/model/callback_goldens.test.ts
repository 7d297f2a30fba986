import { expect } from 'chai'
import path from 'node:path'
import { readGolden } from '../goldens/golden_file.ts'
import { type CallbacksGolden, run } from './callback_goldens.ts'

const assigned = 'A hasOne is saved with its owner, or by createProfile(): an assignment cannot be awaited.'
const later = 'Owners are touched at once, where Rails waits for the end of the transaction.'

/** What differs from Rails on purpose: case → reason. Nested attributes are not there yet. */
const differences: Record<string, string> = {
  'tx.after_commit_raises': 'What waits for a commit runs even when an earlier part throws; the first error is thrown at the end.',
  'touch.two_children_in_tx': later,
  'touch.chain': later,
  'inverse.has_one': assigned,
  'dependent.has_one.destroy.replace': assigned,
  'dependent.has_one.destroy.assign_nil': assigned,
  'dependent.has_many.destroy_async': 'Dependents are not destroyed by a job.',
}

describe('model callbacks recorded from Rails', () => {
  it('run in the recorded order, but for the listed differences', async () => {
    const golden = (await readGolden(path.join(import.meta.dirname, '../goldens/rails/model_callbacks.json.gz'))) as CallbacksGolden
    const { passed, failed } = await run(golden)
    const unlisted = failed
      .filter(({ id }) => !Object.hasOwn(differences, id) && !id.startsWith('nested.'))
      .map(({ id, reason }) => `${id}: ${reason}`)
    expect(unlisted).to.deep.equal([])
    expect(failed.map(({ id }) => id)).to.include.members(Object.keys(differences))
    expect(passed).to.be.greaterThan(210)
  })
})
