import { expect } from 'chai'
import { loadMetadata, openDatabase, push } from '../../adapters/prisma/index.ts'
import { DatabaseSessionStore } from '../../src/application/database/database_session_store.ts'
import type { Database } from '../../src/model/index.ts'
import { privateSessionId } from '../../src/messages/index.ts'
import { TemporaryApplication } from '../adapters/prisma/application.ts'
import { browse } from '../http/browser.ts'
import { stopServing } from '../http/serving.ts'

const schema = (provider: string, textType: string) => `datasource db {
  provider = "${provider}"
}

model Session {
  id         Int      @id @default(autoincrement())
  session_id String   @unique
  data       String?${textType}
  created_at DateTime
  updated_at DateTime

  @@map("sessions")
}
`

/** The tests of sessions in the table of a database. */
export function keepsSessionsInATable(provider: string, url: string, textType = ''): void {
  const application = new TemporaryApplication(schema(provider, textType))
  let database: Database
  let store: DatabaseSessionStore
  before(async () => {
    await push({ root: application.root, url })
    const metadata = await loadMetadata(application.root)
    database = await openDatabase({ root: application.root, url, metadata })
    store = DatabaseSessionStore.open(database, metadata)
  })
  after(async () => {
    await database.close()
    application.remove()
  })
  afterEach(stopServing)

  it('keeps a session from one request to the next, as activerecord-session_store does', async () => {
    const browser = await browse(
      async (request, response) => {
        if (request.path === '/reset') await request.resetSession()
        if (request.path === '/write') request.session['note'] = `${String(request.session['note'] ?? '')}é😀`
        response.body = JSON.stringify(request.session['note'] ?? null)
      },
      { session: { key: '_test_session', store } },
    )
    await browser.visit('/write')
    await browser.visit('/write')
    expect((await browser.visit('/read')).json).to.equal('é😀é😀')
    const id = privateSessionId(browser.cookies.get('_test_session')!)
    const placeholder = database.dialect === 'postgres' ? '$1' : '?'
    const { rows } = await database.query(`SELECT data FROM sessions WHERE session_id = ${placeholder}`, [id])
    expect(rows).to.deep.equal([['{"note":"é😀é😀"}']])
    await browser.visit('/reset')
    expect(await store.read(id)).to.equal(undefined)
  })

  it('writes one row for two requests at the same time', async () => {
    await Promise.all([store.write('2::same', { n: 1 }), store.write('2::same', { n: 1 }), store.write('2::same', { n: 1 })])
    expect(await store.read('2::same')).to.deep.equal({ n: 1 })
  })

  it('begins anew where Ruby has marshalled a session', async () => {
    await store.write('2::ruby', { n: 1 })
    await database.execute("UPDATE sessions SET data = 'BAh7AA==' WHERE session_id = '2::ruby'", [])
    expect(await store.read('2::ruby')).to.equal(undefined)
  })

  it('reads none that has lasted longer than it may, whatever its browser says', async () => {
    const bounded = new DatabaseSessionStore(database, true, 60)
    await bounded.write('2::bounded', { n: 1 })
    expect(await bounded.read('2::bounded')).to.deep.equal({ n: 1 })
    const { now } = Date
    try {
      Date.now = () => now() + 61_000
      expect(await bounded.read('2::bounded')).to.equal(undefined)
    } finally {
      Date.now = now
    }
  })

  it('deletes those that nobody has used for a time', async () => {
    await store.write('2::unused', { n: 1 })
    expect(await store.deleteUnused(3600)).to.equal(0)
    const { now } = Date
    try {
      Date.now = () => now() + 7200_000
      expect(await store.deleteUnused(3600)).to.be.greaterThan(0)
    } finally {
      Date.now = now
    }
    expect(await store.read('2::unused')).to.equal(undefined)
  })
}
