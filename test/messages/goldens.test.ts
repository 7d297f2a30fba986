import { expect } from 'chai'
import { join } from 'node:path'
import { differencesFor } from '../goldens/differences.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { run } from '../goldens/runners/crypto.ts'

describe('messages, cookies, tokens, passwords and encrypted attributes, against what Rails wrote', () => {
  it('are written byte for byte and read as recorded, but for the listed differences', async () => {
    const { passed, failed } = await run((await readGolden(join(import.meta.dirname, '../goldens/rails/crypto.json.gz'))) as never)
    const differences = differencesFor('crypto')
    expect(failed.filter(({ id }) => !Object.hasOwn(differences, id))).to.deep.equal([])
    expect(passed).to.be.greaterThan(600)
  })
})
