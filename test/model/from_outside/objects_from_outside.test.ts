import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { mountPipeline } from '../../../adapters/express/index.ts'
import { Cache, MemoryCacheStore } from '../../../src/cache/index.ts'
import { deserializeArguments, serializeArguments } from '../../../src/jobs/index.ts'
import { MessageEncryptor, MessageVerifier } from '../../../src/messages/index.ts'
import { MemorySessionStore, type Request, type Response } from '../../../src/http/index.ts'
import { InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { browse } from '../../http/browser.ts'
import { pipelineFor, stopServing } from '../../http/serving.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const Model = modelOf<{}>()
class Owner extends Model('Owner') {
  static {
    this.hasMany('items')
  }
}
class Item extends Model('Item') {
  static {
    this.belongsTo('owner')
    this.serialize('text')
    this.storeAccessor('data', 'kept')
    this.attribute('filter')
  }
}

/** Objects that say what operators say; the last is written with an escaped letter. */
const hashes = ['{"gt":0}', '{"not":""}', '{"like":"%"}', '{"in":[1,2]}', '{}', '{"\\u0067t":0}']

type Entry = (value: unknown) => unknown

/** Everything that takes conditions by hash. */
const entries: Readonly<Record<string, Entry>> = {
  where: (value) => Item.where({ views: value }),
  'where of a list': (value) => Item.where({ views: [value] }),
  'where with an operator of our own': (value) => Item.where({ views: { not: value } }),
  'where with in': (value) => Item.where({ views: { in: [value] } }),
  'where of several columns': (value) => Item.where(['id', 'views'], [[1, value]] as never),
  'where of an association': (value) => Item.joins('owner').where({ owner: value } as never),
  'where below an association': (value) => Item.joins('owner').where({ owner: { name: value } } as never),
  'where by a table': (value) => Item.joins('owner').where({ Owner: { name: value } } as never),
  'where by a table and a column': (value) => Item.joins('owner').where({ 'Owner.name': value } as never),
  'where with SQL': (value) => Item.where('views = ?', value).toArray(),
  not: (value) => Item.not({ views: value }),
  rewhere: (value) => Item.where({ views: 1 }).rewhere({ views: value }),
  merge: (value) => Item.merge({ where: { views: value } } as never),
  findBy: (value) => Item.findBy({ views: value }),
  findByOrThrow: (value) => Item.findByOrThrow({ views: value }),
  findSoleBy: (value) => Item.findSoleBy({ views: value }),
  exists: (value) => Item.exists({ views: value }),
  deleteBy: (value) => Item.deleteBy({ views: value }),
  destroyBy: (value) => Item.destroyBy({ views: value }),
  findOrCreateBy: (value) => Item.findOrCreateBy({ views: value } as never),
  findOrInitializeBy: (value) => Item.findOrInitializeBy({ views: value } as never),
  'a collection': async (value) =>
    (Reflect.get(await Owner.firstOrThrow(), 'items') as ReturnType<typeof Item.all>).where({ views: value }),
  having: (value) => Item.group('name').having('max(views) = ?', value).count(),
}

describe('objects that come from outside', () => {
  boundDatabase([Owner, Item], () =>
    testDatabase(`model Owner {
  id    Int    @id @default(autoincrement())
  name  String
  items Item[]
}
model Item {
  id       Int    @id @default(autoincrement())
  name     String
  views    Int    @default(0)
  data     Json?
  text     String?
  owner_id Int
  owner    Owner  @relation(fields: [owner_id], references: [id])
}`),
  )
  before(async () => {
    const owner = await Owner.createOrThrow({ name: 'Ann' })
    for (const name of ['a', 'b']) await Item.createOrThrow({ name, views: 1, owner })
  })
  afterEach(stopServing)

  /** What a server was sent, as its application sees it. */
  async function seen(read: (request: Request) => unknown, path: string, init: RequestInit = {}): Promise<unknown> {
    let found: unknown
    const browser = await browse((request, response) => {
      found = read(request)
      response.body = ''
    })
    await browser.visit(path, init)
    return found
  }

  async function fromSession(json: string, store: 'cookie' | MemorySessionStore): Promise<unknown> {
    let found: unknown
    const endpoint = ({ session, path }: Request, response: Response): void => {
      if (path === '/write') session['filter'] = JSON.parse(json)
      else found = session['filter']
      response.body = ''
    }
    const browser = await browse(endpoint, { session: { key: '_s', store } })
    await browser.visit('/write')
    await browser.visit('/read')
    return found
  }

  async function fromCookie(json: string, kind: 'signed' | 'encrypted'): Promise<unknown> {
    let found: unknown
    const browser = await browse((request, response) => {
      if (request.path === '/write') request.cookies[kind].put('filter', JSON.parse(json), {})
      else found = request.cookies[kind].get('filter')
      response.body = ''
    })
    await browser.visit('/write')
    await browser.visit('/read')
    return found
  }

  async function fromExpress(json: string): Promise<unknown> {
    let found: unknown
    const application = express()
      .use(express.json())
      .use(
        mountPipeline(
          pipelineFor((request, response) => {
            void request.parameters
            found = (request.raw as unknown as { body: { q: unknown } }).body.q
            response.body = ''
          }),
        ),
      )
    const server = createServer(application).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const headers = { 'content-type': 'application/json', connection: 'close' }
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: `{"q":${json}}`, headers })
    server.close()
    return found
  }

  async function fromRecord(attributes: object, read: (item: Item) => unknown): Promise<unknown> {
    const item = await Item.createOrThrow({ name: 'c', owner_id: 1, ...attributes })
    try {
      return read(await Item.find(item['id'] as never))
    } finally {
      await item.delete()
    }
  }

  const body = (json: string) => ({ method: 'POST', body: `{"q":${json}}`, headers: { 'content-type': 'application/json' } })
  const sources: Readonly<Record<string, (json: string) => unknown>> = {
    'the body of a request': (json) => seen(({ parameters }) => parameters['q'], '/', body(json)),
    'the body that Express parsed': fromExpress,
    'a query': (json) => seen(({ parameters }) => parameters['q'], `/?q[${Object.keys(JSON.parse(json))[0] ?? 'x'}]=0`),
    'a session in a cookie': (json) => fromSession(json, 'cookie'),
    'a session in a store': (json) => fromSession(json, new MemorySessionStore()),
    'a signed cookie': (json) => fromCookie(json, 'signed'),
    'an encrypted cookie': (json) => fromCookie(json, 'encrypted'),
    'a JSON column': (json) => fromRecord({ data: [{ q: JSON.parse(json) }] }, (item) => (item['data'] as [{ q: unknown }])[0].q),
    'an accessor of a JSON column': (json) => fromRecord({ kept: JSON.parse(json) }, (item) => item['kept']),
    'a serialized column': (json) => fromRecord({ text: { q: JSON.parse(json) } }, (item) => (item['text'] as { q: unknown }).q),
    'a copy of a record': async (json) => {
      const filter = await seen(({ parameters }) => parameters['q'], '/', body(json))
      return (new Item({ filter } as never).dup() as unknown as { filter: unknown }).filter
    },
    'values plucked of a JSON column': async (json) => {
      await Item.where({ name: 'a' }).updateAll({ data: { q: JSON.parse(json) } })
      return ((await Item.where({ name: 'a' }).pick('data')) as { q: unknown }).q
    },
    'arguments of a job': async (json) =>
      (
        await deserializeArguments(JSON.parse(JSON.stringify(serializeArguments([{ q: JSON.parse(json) }], undefined))), undefined).then(
          ([first]) => first as { q: unknown },
        )
      ).q,
    'the cache': async (json) => {
      const store = new MemoryCacheStore()
      const cache = new Cache(() => store)
      await cache.write('q', JSON.parse(json))
      return cache.read('q')
    },
    'a verified message': (json) => {
      const verifier = new MessageVerifier('a secret')
      return verifier.verify(verifier.generate(JSON.parse(json)))
    },
    'an encrypted message': (json) => {
      const encryptor = new MessageEncryptor(Buffer.alloc(32))
      return encryptor.decryptAndVerify(encryptor.encryptAndSign(JSON.parse(json)))
    },
  }

  for (const [source, make] of Object.entries(sources)) {
    it(`are never operators: those of ${source}`, async () => {
      for (const json of hashes) {
        const value = await make(json)
        expect(value, json).to.be.an('object')
        for (const [name, entry] of Object.entries(entries)) {
          const error = await rejection(
            Promise.resolve().then(() => entry(value)),
            Error,
          )
          expect(error, `${name} of ${json}`).to.be.instanceOf(InvalidArgument)
        }
      }
      expect(await Item.pluck('name')).to.deep.equal(['a', 'b'])
    })
  }

  it('are values of a JSON column', async () => {
    await Item.where({ name: 'b' }).updateAll({ data: { gt: 0 } })
    const [value] = (await Item.where({ name: 'b' }).pluck('data')) as [object]
    expect(await Item.where({ data: value }).pluck('name')).to.deep.equal(['b'])
  })

  it('become operators when the application says so', async () => {
    const { gt } = (await fromSession('{"gt":0}', 'cookie')) as { gt: number }
    expect(await Item.where({ views: { gt } }).count()).to.equal(2)
  })
})
