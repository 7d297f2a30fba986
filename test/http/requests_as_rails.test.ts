import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { differencesFor } from '../goldens/differences.ts'
import { isAboutRequests, runCase } from '../goldens/runners/middleware.ts'

const file = new URL('../goldens/rails/middleware.json.gz', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Parameters<typeof runCase>[0][] }

const differences = differencesFor('middleware')

describe('requests as Rails understands them', () => {
  for (const one of cases.filter((one) => isAboutRequests(one) && !(one.id in differences))) {
    it(one.id, async () => expect(await runCase(one)).to.equal(undefined))
  }
})
