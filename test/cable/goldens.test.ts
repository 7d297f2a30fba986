import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { parse } from 'yaml'
import { type CableGolden, run } from '../goldens/runners/cable.ts'

describe('the Action Cable endpoint beside the recorded one of Rails', () => {
  const golden = JSON.parse(String(gunzipSync(readFileSync('test/goldens/rails/cable.json.gz')))) as CableGolden
  const listed = Object.keys(parse(readFileSync('test/goldens/differences.yml', 'utf8')).cable)
  const reasons = new Map<string, string>()

  before(async () => {
    const { failed } = await run(golden)
    for (const { id, reason } of failed) reasons.set(id, reason)
  })

  for (const { id } of golden.cases) {
    if (listed.includes(id)) it(`differs on purpose: ${id}`, () => expect(reasons.has(id)).to.equal(true))
    else it(`answers as Rails: ${id}`, () => expect(reasons.get(id)).to.equal(undefined))
  }
})
