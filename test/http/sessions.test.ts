import { expect } from 'chai'
import { MemorySessionStore, type Request, type SessionRecord, type SessionStore } from '../../src/http/index.ts'
import { privateSessionId } from '../../src/messages/index.ts'
import { type Browser, browse, keys } from './browser.ts'
import { stopServing } from './serving.ts'

/** A store that answers later, as one on another machine does, and tells what it was asked. */
class RemoteStore implements SessionStore {
  readonly isAsynchronous = true
  readonly asked: string[] = []
  readonly sessions = new Map<string, SessionRecord>()

  async read(id: string): Promise<SessionRecord | undefined> {
    this.asked.push('read')
    return this.sessions.get(id)
  }

  async write(id: string, record: SessionRecord): Promise<void> {
    this.asked.push('write')
    this.sessions.set(id, JSON.parse(JSON.stringify(record)) as SessionRecord)
  }

  async delete(id: string): Promise<void> {
    this.asked.push('delete')
    this.sessions.delete(id)
  }
}

const stores: Record<string, () => 'cookie' | SessionStore> = {
  'in an encrypted cookie': () => 'cookie',
  'in memory': () => new MemorySessionStore(),
  'in a store that answers later': () => new RemoteStore(),
}

const steps: Record<string, (request: Request) => unknown> = {
  '/write': ({ session }) => (session['user_id'] = 5),
  '/read': ({ session }) => session['user_id'] ?? null,
  '/push': ({ session }) => ((session['cart'] ??= []) as number[]).push(1),
  '/delete': ({ session }) => delete session['user_id'],
  '/nothing': () => null,
  '/all': ({ session }) => ({ ...session, session_id: undefined }),
  '/id': (request) => request.sessionState.id ?? null,
  '/key': ({ sessionOptions }) => sessionOptions.key,
  '/reset': (request) => request.resetSession(),
  '/reset_and_write': async (request) => {
    await request.resetSession()
    request.session['user_id'] = 6
  },
  '/renew': ({ sessionOptions }) => void (sessionOptions.renew = true),
  '/drop': ({ sessionOptions }) => void (sessionOptions.drop = true),
  '/skip': ({ session, sessionOptions }) => {
    session['user_id'] = 7
    sessionOptions.skip = true
  },
  '/remember': ({ session, sessionOptions }) => {
    session['user_id'] = 8
    sessionOptions.expireAfter = { seconds: 3600 }
  },
  '/fail': ({ session }) => {
    session['user_id'] = 9
    throw new Error('too late')
  },
}

function sessionsKept(store: 'cookie' | SessionStore, settings: object = {}): Promise<Browser> {
  return browse(
    async (request, response) => {
      response.body = JSON.stringify((await steps[request.path]!(request)) ?? null)
    },
    { keys, session: { key: '_test_session', store, ...settings } },
  )
}

describe('sessions', () => {
  afterEach(stopServing)

  for (const [where, storeFor] of Object.entries(stores)) {
    describe(where, () => {
      let browser: Browser
      beforeEach(async () => {
        browser = await sessionsKept(storeFor())
      })
      const idOf = async () => (await browser.visit('/id')).json

      it('are there in the next request, with what was put into lists too', async () => {
        await browser.visit('/write')
        await browser.visit('/push')
        await browser.visit('/push')
        expect((await browser.visit('/all')).json).to.deep.equal({ user_id: 5, cart: [1, 1] })
        await browser.visit('/delete')
        expect((await browser.visit('/all')).json).to.deep.equal({ cart: [1, 1] })
      })

      it('begin when they are written to, and not when they are read', async () => {
        expect((await browser.visit('/read')).setCookies).to.deep.equal([])
        expect((await browser.visit('/nothing')).setCookies).to.deep.equal([])
        const { setCookies } = await browser.visit('/write')
        expect(setCookies.length).to.equal(1)
        expect(setCookies[0]).to.match(/^_test_session=[^;]+; path=\/; httponly; samesite=lax$/)
      })

      it('know the name of their cookie', async () => {
        expect((await browser.visit('/key')).json).to.equal('_test_session')
      })

      it('have a new id and nothing in them after a reset', async () => {
        await browser.visit('/write')
        const before = await idOf()
        const old = new Map(browser.cookies)
        await browser.visit('/reset')
        const after = await idOf()
        expect(after).to.match(/^[\da-f]{32}$/)
        expect(after).not.to.equal(before)
        expect((await browser.visit('/read')).json).to.equal(null)
        if (where === 'in an encrypted cookie') return
        for (const [name, value] of old) browser.cookies.set(name, value)
        expect((await browser.visit('/read')).json, 'the old session').to.equal(null)
      })

      it('keep what is written after a reset', async () => {
        await browser.visit('/write')
        await browser.visit('/reset_and_write')
        expect((await browser.visit('/all')).json).to.deep.equal({ user_id: 6 })
      })

      it('keep their values under a new id when they are renewed', async () => {
        await browser.visit('/write')
        const before = await idOf()
        await browser.visit('/renew')
        expect((await browser.visit('/read')).json).to.equal(5)
        expect(await idOf()).not.to.equal(before)
      })

      it('take over no id that a browser brings along', async () => {
        browser.cookies.set('_test_session', 'f'.repeat(32))
        await browser.visit('/write')
        expect(await idOf()).not.to.equal('f'.repeat(32))
      })

      it('stay as they were when the action fails, or says so', async () => {
        await browser.visit('/write')
        expect((await browser.visit('/fail')).status).to.equal(500)
        expect((await browser.visit('/skip')).setCookies).to.deep.equal([])
        expect((await browser.visit('/read')).json).to.equal(5)
      })

      it('last as long as one request decides', async () => {
        expect((await browser.visit('/remember')).setCookies[0]).to.match(/; path=\/; expires=[^;]+ GMT; httponly; samesite=lax$/)
      })

      it('hold any name, also those that objects have', async () => {
        const names = ['constructor', 'then', 'toString', 'get']
        const proto = ['__proto__'].join()
        const other = await browse(
          (request, response) => {
            const { session } = request
            if (request.path === '/write') {
              for (const name of names) session[name] = name
              session[proto] = { polluted: true }
            }
            const polluted = 'polluted' in {} || 'polluted' in session
            response.body = JSON.stringify([names.map((name) => session[name] ?? null), 'valueOf' in session, polluted])
          },
          { keys, session: { key: '_test_session', store: storeFor() } },
        )
        expect((await other.visit('/read')).json).to.deep.equal([[null, null, null, null], false, false])
        expect((await other.visit('/write')).json).to.deep.equal([names, false, false])
        expect((await other.visit('/read')).json).to.deep.equal([names, false, false])
      })
    })
  }

  it('that roll are sent again by requests that do not touch them', async () => {
    const browser = await sessionsKept('cookie', { expireAfter: 3600 })
    expect((await browser.visit('/nothing')).setCookies).to.deep.equal([])
    await browser.visit('/write')
    expect((await browser.visit('/nothing')).setCookies.length).to.equal(1)
  })

  it('that are secure are neither sent nor kept without TLS', async () => {
    const browser = await sessionsKept('cookie', { secure: true })
    expect((await browser.visit('/write')).setCookies).to.deep.equal([])
    const { setCookies } = await browser.visit('/write', { headers: { 'x-forwarded-proto': 'https' } })
    expect(setCookies[0]).to.match(/; path=\/; secure; httponly; samesite=lax$/)
  })

  it('are asked of a store by requests that have one, and by no others', async () => {
    const store = new RemoteStore()
    const browser = await sessionsKept(store)
    await browser.visit('/nothing')
    await browser.visit('/read')
    expect(store.asked).to.deep.equal([])
    await browser.visit('/write')
    expect(store.asked).to.deep.equal(['write'])
    await browser.visit('/read')
    expect(store.asked).to.deep.equal(['write', 'read', 'write'])
  })

  it('are kept under an id from which the one of the browser can not be found', async () => {
    const store = new RemoteStore()
    const browser = await sessionsKept(store)
    await browser.visit('/write')
    const id = browser.cookies.get('_test_session')!
    expect([...store.sessions.keys()]).to.deep.equal([privateSessionId(id)])
    browser.cookies.set('_test_session', encodeURIComponent(privateSessionId(id)))
    expect((await browser.visit('/read')).json).to.equal(null)
  })

  it('that a store can not keep fail the request', async () => {
    const store = new RemoteStore()
    store.write = async () => {
      throw new Error('the store is full')
    }
    const browser = await sessionsKept(store)
    const { status, setCookies } = await browser.visit('/write')
    expect([status, setCookies]).to.deep.equal([500, []])
  })

  it('are neither read nor written where there are none', async () => {
    const browser = await browse(
      ({ session }, response) => {
        const read = session['a'] ?? 'nothing'
        try {
          session['a'] = 1
        } catch (error) {
          response.body = JSON.stringify([read, (error as Error).message])
        }
      },
      { session: undefined },
    )
    expect((await browser.visit()).json).to.deep.equal([
      'nothing',
      'This application has no sessions, so that nothing can be written to one.',
    ])
  })

  describe('in memory', () => {
    it('end after their time, and the longest unused when there are too many', () => {
      const { now } = Date
      const store = new MemorySessionStore({ most: 2 })
      try {
        Date.now = () => 0
        store.write('a', { n: 1 }, 60)
        store.write('b', { n: 2 }, 60)
        store.read('a')
        store.write('c', { n: 3 }, 60)
        expect([store.read('a'), store.read('b'), store.read('c')]).to.deep.equal([{ n: 1 }, undefined, { n: 3 }])
        Date.now = () => 60_000
        expect([store.read('a'), store.read('c')]).to.deep.equal([undefined, undefined])
      } finally {
        Date.now = now
      }
    })
  })
})
