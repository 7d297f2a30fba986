import { expect } from 'chai'
import { InvalidCacheKey } from '../../src/cache/errors.ts'
import { Cache, MemoryCacheStore } from '../../src/cache/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'

describe('a cache', () => {
  let cache: Cache
  const { now } = Date

  beforeEach(() => {
    const store = new MemoryCacheStore({ most: 3 })
    cache = new Cache(() => store)
  })
  afterEach(() => {
    Date.now = now
  })

  it('works a value out once, and keeps it, also when it is false or null', async () => {
    let count = 0
    const work = () => (count++ === 0 ? null : 'again')
    expect([await cache.fetch('a', work), await cache.fetch('a', work), count]).to.deep.equal([null, null, 1])
    expect(await cache.fetch('a', { force: true }, work)).to.equal('again')
    await cache.fetch('nothing', { skipNil: true }, () => null)
    expect(await cache.exists('nothing')).to.equal(false)
  })

  it('forgets a value when its time is over', async () => {
    await cache.write('a', 1, { expiresIn: 60 })
    await cache.write('b', 2, { expiresAt: new Date(now() + 10_000) })
    Date.now = () => now() + 30_000
    expect([await cache.read('a'), await cache.read('b')]).to.deep.equal([1, undefined])
    Date.now = () => now() + 61_000
    expect([await cache.exists('a'), await cache.delete('a')]).to.deep.equal([false, false])
  })

  it('hands out copies, so that nobody changes what others read', async () => {
    const value = { list: [1], at: new Date(0) }
    await cache.write('a', value)
    value.list.push(2)
    const read = (await cache.read('a')) as typeof value
    read.list.push(3)
    expect(await cache.read('a')).to.deep.equal({ list: [1], at: new Date(0) })
  })

  it('counts', async () => {
    expect([await cache.increment('n'), await cache.increment('n', 4), await cache.decrement('n')]).to.deep.equal([1, 5, 4])
  })

  it('reads, writes, fetches and deletes many at once', async () => {
    await cache.writeMulti({ a: 1, b: 2 })
    expect(Object.entries(await cache.readMulti('a', 'z', 'b'))).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ])
    expect(Object.entries(await cache.fetchMulti<unknown>(['a', 'c'], (key) => key))).to.deep.equal([
      ['a', 1],
      ['c', 'c'],
    ])
    expect(await cache.deleteMulti(['a', 'c', 'z'])).to.equal(2)
    await cache.clear()
    expect(await cache.exists('b')).to.equal(false)
  })

  it('is bounded: what was read last stays', async () => {
    await cache.writeMulti({ a: 1, b: 2, c: 3 })
    await cache.read('a')
    await cache.write('d', 4)
    expect(Object.keys(await cache.readMulti('a', 'b', 'c', 'd'))).to.deep.equal(['a', 'c', 'd'])
  })

  it('takes lists and records for keys', async () => {
    await cache.write(['posts', { cacheKey: () => 'posts/1' }, 7], 'x')
    expect(await cache.read('posts/posts/1/7')).to.equal('x')
    expect(() => cache.read({} as never)).to.throw(InvalidCacheKey, 'An object of Object is no key')
  })

  it('tells what it does by the events of Rails', async () => {
    const events: NotificationEvent[] = []
    await subscribed(
      /^cache_/,
      (event) => events.push(event),
      async () => {
        await cache.fetch('a', { expiresIn: 5 }, () => 1)
        await cache.fetch('a', () => 2)
      },
    )
    expect(events.map(({ name }) => name.split('.')[0])).to.deep.equal([
      'cache_read',
      'cache_generate',
      'cache_write',
      'cache_read',
      'cache_fetch_hit',
    ])
    expect(events[0]!.payload).to.deep.equal({ key: 'a', store: 'MemoryStore', super_operation: 'fetch', hit: false })
    expect(events[2]!.payload).to.include({ expires_in: 5 })
  })
})
