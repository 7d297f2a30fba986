import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { redisRateLimitStore, redisSessionStore } from '../../../adapters/redis/index.ts'
import type { SessionStore } from '../../../src/http/index.ts'
import { privateSessionId } from '../../../src/messages/index.ts'
import { browse } from '../../http/browser.ts'
import { stopServing } from '../../http/serving.ts'

const url = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const prefix = `regauge-test:${randomUUID()}:`

describe('Redis', () => {
  let redis: Redis
  before(() => {
    redis = new Redis(url)
  })
  after(async () => {
    const keys = await redis.keys(`${prefix}*`)
    if (keys.length > 0) await redis.del(...keys)
    await redis.quit()
  })

  describe('as the store of sessions', () => {
    let store: SessionStore
    beforeEach(() => {
      store = redisSessionStore({ connection: url, prefix })
    })
    afterEach(async () => {
      await stopServing()
      await store.close?.()
    })
    const sessions = () =>
      browse(
        async (request, response) => {
          if (request.path === '/reset') await request.resetSession()
          if (request.path === '/write') request.session['user_id'] = 5
          response.body = JSON.stringify(request.session['user_id'] ?? null)
        },
        { session: { key: '_test_session', store, expireAfter: 60 } },
      )

    it('keeps them as JSON under their private ids, for as long as they last', async () => {
      const browser = await sessions()
      await browser.visit('/write')
      expect((await browser.visit('/read')).json).to.equal(5)
      const key = prefix + privateSessionId(browser.cookies.get('_test_session')!)
      expect(JSON.parse((await redis.get(key))!)).to.deep.equal({ user_id: 5 })
      expect(await redis.ttl(key)).to.be.within(1, 60)
    })

    it('forgets them when they are reset', async () => {
      const browser = await sessions()
      await browser.visit('/write')
      const key = prefix + privateSessionId(browser.cookies.get('_test_session')!)
      await browser.visit('/reset')
      expect(await redis.exists(key)).to.equal(0)
      expect((await browser.visit('/read')).json).to.equal(null)
    })

    it('begins anew where Ruby has marshalled a session', async () => {
      const browser = await sessions()
      await browser.visit('/write')
      await redis.set(prefix + privateSessionId(browser.cookies.get('_test_session')!), '\u0004\b{\u0006I"\fuser_id\u0006:\u0006ETi\n')
      expect((await browser.visit('/read')).json).to.equal(null)
    })

    it('uses a client that is there, and leaves it open', async () => {
      const own = redisSessionStore({ connection: redis, prefix })
      await own.write('a', { n: 1 }, undefined)
      expect(await own.read('a')).to.deep.equal({ n: 1 })
      await own.close?.()
      expect(await redis.ping()).to.equal('PONG')
    })

    it('fails a request when nobody answers', async () => {
      const nobody = redisSessionStore({ connection: 'redis://127.0.0.1:1', prefix })
      const browser = await browse(({ session }, response) => void (response.body = JSON.stringify(session['a'] ?? null)), {
        session: { key: '_test_session', store: nobody },
      })
      expect((await browser.visit()).status, 'without a session').to.equal(200)
      browser.cookies.set('_test_session', 'f'.repeat(32))
      expect((await browser.visit()).status, 'with one').to.equal(500)
      await nobody.close?.()
    })
  })

  describe('as the store of rate limits', () => {
    it('counts all processes together, until the time is over', async () => {
      const [one, other] = [redisRateLimitStore({ connection: url, prefix }), redisRateLimitStore({ connection: redis, prefix })]
      expect([await one.increment('k', 60), await other.increment('k', 60), await one.increment('k', 60)]).to.deep.equal([1, 2, 3])
      expect(await redis.pttl(`${prefix}k`)).to.be.within(1, 60_000)
      await redis.pexpire(`${prefix}k`, 0)
      expect(await one.increment('k', 60)).to.equal(1)
      await one.close()
    })

    it('takes clients of the package redis, too', async () => {
      const sent: string[][] = []
      const client = { sendCommand: async (args: string[]) => sent.push(args) }
      expect(await redisRateLimitStore({ connection: client, prefix }).increment('k', 1.5)).to.equal(1)
      expect([sent[0]![0], ...sent[0]!.slice(2)]).to.deep.equal(['EVAL', '1', `${prefix}k`, '1500'])
    })
  })
})
