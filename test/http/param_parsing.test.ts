import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { isAboutParsing, runCase } from '../goldens/runners/param_parsing.ts'

const file = new URL('../goldens/rails/param_parsing.json.gz', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Parameters<typeof runCase>[0][] }

/** Where we answer otherwise than Rails on purpose. */
const differences: Readonly<Record<string, string>> = {
  'json.invalid_escape': "JSON.parse knows no \\x escape; Ruby's parser of that version let it through",
  'json.invalid_comment': "JSON has no comments; Ruby's parser of that version let them through",
  'multipart.no_name': 'Rails crashes with 500; a part without a name is the client’s mistake: 400',
  'multipart.no_disposition': 'Rails makes the content type the name; we leave the part out',
  'multipart.no_boundary': 'Rails reads the multipart body as an urlencoded form; we say what is missing: 400',
  'multipart.too_many_files': 'Rails crashes with 500; too many files are 413',
}

describe('parameters as Rails reads them', () => {
  for (const one of cases.filter(isAboutParsing)) {
    if (one.id in differences) {
      it(`${one.id}, otherwise than Rails: ${differences[one.id]}`, async () => expect(await runCase(one)).to.be.a('string'))
    } else {
      it(one.id, async () => expect(await runCase(one)).to.equal(undefined))
    }
  }
})
