import { join } from 'node:path'
import { expect } from 'chai'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { type TestApplication, testApplication } from '../../src/testing/index.ts'
import { differencesFor } from '../goldens/differences.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { run } from '../goldens/runners/notifications.ts'
import { ordersWith, removeFolders } from './folder.ts'

describe('events and log lines, against those of Rails', () => {
  it('are as recorded in development and production, but for the listed differences', async () => {
    const golden = (await readGolden(join(import.meta.dirname, '../goldens/rails/notifications.json.gz'))) as Parameters<typeof run>[0]
    const differences = differencesFor('notifications')
    const { passed, failed } = await run(golden)
    expect(failed.filter(({ id }) => !(id in differences))).to.deep.equal([])
    expect(passed).to.be.greaterThan(180)
  })
})

describe('a Rails log', () => {
  let application: TestApplication
  let text: string[]

  before(async () => {
    application = await testApplication({
      root: ordersWith(),
      configure: (config) => Object.assign(config.log, { level: 'info', format: 'rails', tags: ['request_id'], silencedPaths: ['/up'] }),
    })
    const stream = { write: (line: string) => text.push(line) }
    useLogger(createLogger({ format: 'rails', level: 'info', tags: ['request_id'], stream }), application.application)
  })
  beforeEach(() => {
    text = []
  })
  after(async () => {
    await application.stop()
    removeFolders()
  })

  const get = async (path: string) =>
    (await application.get(path, { headers: { 'x-api-key': 'secret', 'x-request-id': 'req-1' } })).arrayBuffer()

  it('has the tags in front of each line, and no line break that a client sent', async () => {
    await get('/orders/1?note=a%0AStarted%20GET')
    while (!text.join('').includes('Completed')) await new Promise(setImmediate)
    const lines = text.join('').trimEnd().split('\n')
    expect(lines.every((line) => line.startsWith('[req-1] '))).to.equal(true)
    expect(lines[0]).to.match(/^\[req-1\] Started GET "\/orders\/1\?note=a%0AStarted%20GET" for 127\.0\.0\.1 at \d{4}-/)
    expect(lines[2]).to.equal('[req-1]   Parameters: {"note"=>"a\\nStarted GET", "id"=>"1"}')
  })

  it('leaves out the paths that the configuration names', async () => {
    await get('/up')
    await get('/nowhere')
    while (!text.join('').includes('RouteNotFound')) await new Promise(setImmediate)
    expect(text.join('')).to.include('"/nowhere"').and.not.include('"/up"')
  })
})
