import { expect } from 'chai'
import { differencesFor } from '../goldens/differences.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { run } from '../goldens/runners/crypto.ts'

type Golden = Parameters<typeof run>[0]

const golden = (await readGolden(new URL('../goldens/rails/crypto.json.gz', import.meta.url).pathname)) as Golden
const differences = differencesFor('crypto')

describe('cookies and sessions as Rails writes and reads them', () => {
  for (const one of golden.cases.filter(({ id, kind }) => (kind === 'cookie' || kind === 'session') && !(id in differences))) {
    it(one.id, async () => expect((await run({ ...golden, cases: [one] })).failed).to.deep.equal([]))
  }
})
