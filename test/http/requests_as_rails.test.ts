import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { isAboutRequests, runCase } from '../goldens/runners/middleware.ts'

const file = new URL('../goldens/rails/middleware.json.gz', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Parameters<typeof runCase>[0][] }

describe('requests as Rails understands them', () => {
  // A variable of CGI servers, which no header can become.
  const notOfHttp = 'request.x_http_authorization'
  for (const one of cases.filter((one) => isAboutRequests(one) && one.id !== notOfHttp))
    it(one.id, async () => expect(await runCase(one)).to.equal(undefined))
})
