import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { differencesFor } from '../goldens/differences.ts'
import { runCase } from '../goldens/runners/middleware.ts'

const file = new URL('../goldens/rails/middleware.json.gz', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { cases: Parameters<typeof runCase>[0][] }

const differences = differencesFor('middleware')

describe('requests, hosts and TLS as Rails understands them', () => {
  before(() => useLogger(createLogger({ level: 'silent' })))
  after(() => useLogger(undefined))

  for (const one of cases.filter((one) => !(one.id in differences))) {
    it(one.id, () => runCase(one))
  }
})
