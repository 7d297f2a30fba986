import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { differencesFor } from '../goldens/differences.ts'
import { runCase } from '../goldens/runners/param_parsing.ts'

const file = new URL('../goldens/rails/param_parsing.json.gz', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Parameters<typeof runCase>[0][] }
const differences = differencesFor('param_parsing')

describe('parameters as Rails reads them', () => {
  for (const one of cases) {
    if (one.id in differences) {
      it(`${one.id}, otherwise than Rails: ${differences[one.id]}`, async () => expect(await runCase(one)).to.be.a('string'))
    } else {
      it(one.id, async () => expect(await runCase(one)).to.equal(undefined))
    }
  }
})
