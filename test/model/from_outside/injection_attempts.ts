import { expect } from 'chai'
import { RegaugeError } from '../../../src/errors/index.ts'
import { sql } from '../../../src/model/index.ts'
import { Text, Writer } from './attacked_models.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

/** A name or an option as somebody sends it who hopes that it is written into SQL. */
const hostile = [
  'id; drop table "Text"',
  'id) union select name from "Writer" --',
  '"Text"."id" or 1=1',
  "title' or '1'='1",
  'id/**/desc',
  'id\u0000',
  '1=1',
  '*/ ; drop table "Text" /*',
  '__proto__',
  'constructor',
]

type Attack = (sent: string) => unknown

/** Everything that takes a name or an option, so that an application may hand it what came from outside. */
const entries: Readonly<Record<string, Attack>> = {
  order: (sent) => Text.order(sent),
  'order by a column in a direction': (sent) => Text.order({ id: sent as 'asc' }),
  'order by a column as a key': (sent) => Text.order({ [sent]: 'asc' }),
  'order by a column of an association': (sent) => Text.joins('writer').order({ writer: { [sent]: 'asc' } } as never),
  reorder: (sent) => Text.all().reorder(sent),
  inOrderOf: (sent) => Text.inOrderOf(sent, ['a']),
  select: (sent) => Text.select(sent),
  reselect: (sent) => Text.all().reselect(sent),
  group: (sent) => Text.group(sent).count(),
  regroup: (sent) => Text.regroup(sent).count(),
  pluck: (sent) => Text.pluck(sent),
  pick: (sent) => Text.pick('id', sent),
  count: (sent) => Text.count(sent),
  sum: (sent) => Text.sum(sent as never),
  minimum: (sent) => Text.minimum(sent),
  calculate: (sent) => Text.calculate(sent as 'count', 'id'),
  'where by a column': (sent) => Text.where({ [sent]: 1 }),
  'where with an operator': (sent) => Text.where({ views: { [sent]: 1 } }),
  'where by a column of an association': (sent) => Text.joins('writer').where({ writer: { [sent]: 1 } } as never),
  'where by a table and a column': (sent) => Text.where({ [`Text.${sent}`]: 1 }),
  'where by a table': (sent) => Text.where({ [`${sent}.id`]: 1 }),
  not: (sent) => Text.not({ [sent]: 1 }),
  rewhere: (sent) => Text.where({ id: 1 }).rewhere({ [sent]: 1 }),
  findBy: (sent) => Text.findBy({ [sent]: 1 }),
  exists: (sent) => Text.exists({ [sent]: 1 }),
  joins: (sent) => Text.joins(sent as never),
  'joins below': (sent) => Text.joins({ writer: sent } as never),
  leftJoins: (sent) => Text.leftJoins(sent as never),
  includes: (sent) => Text.includes(sent as never),
  missing: (sent) => Text.missing(sent as never),
  associated: (sent) => Text.associated(sent as never),
  extractAssociated: (sent) => Text.extractAssociated(sent as never),
  'order by an aggregate': (sent) => Text.group('title').order(`count_${sent}`).count(),
  'order by a name that is selected': (sent) => Text.select('id', sql('views as seen')).order(sent),
  'average by a column': (sent) => Text.average(sent as never),
  'where of several columns': (sent) => Text.where(['id', sent], [[1, 2]]),
  'in batches by a range of a cursor': (sent) => Text.inBatches(() => {}, { cursor: sent, useRanges: true }),
  'a shard': (sent) => Text.connectedTo({ shard: sent }, () => Text.count()),
  'a role': (sent) => Text.connectedTo({ role: sent }, () => Text.count()),
  limit: (sent) => Text.limit(sent),
  offset: (sent) => Text.offset(sent),
  lock: (sent) => Text.lock(sent),
  explain: (sent) => Text.all().explain(sent as 'analyze'),
  merge: (sent) => Text.merge({ [sent]: 1 }),
  'merge an order': (sent) => Text.merge({ order: sent }),
  only: (sent) => Text.all().only(sent as 'where'),
  unscope: (sent) => Text.all().unscope(sent as 'where'),
  'batches by a cursor': (sent) => Text.findEach(() => {}, { cursor: sent }),
  'batches in a direction': (sent) => Text.findEach(() => {}, { order: sent as 'asc' }),
  insertAll: (sent) => Text.insertAll([{ title: 'x', [sent]: 1 }]),
  'insertAll with returning': (sent) => Text.insertAll([{ title: 'x' }], { returning: sent }),
  'insertAll by an index': (sent) => Text.insertAll([{ title: 'x' }], { uniqueBy: sent }),
  'upsertAll of columns': (sent) => Text.upsertAll([{ title: 'x' }], { uniqueBy: 'title', updateOnly: sent }),
  updateAll: (sent) => Text.updateAll({ [sent]: 1 }),
  updateCounters: (sent) => Text.updateCounters({ [sent]: 1 } as never),
  incrementCounter: (sent) => Text.incrementCounter(sent, 1),
  'incrementCounter with touch': (sent) => Text.incrementCounter('views', 1, { touch: sent }),
  touchAll: (sent) => Text.touchAll(sent),
  'touch of a record': async (sent) => (await Text.firstOrThrow()).touch(sent),
  'increment of a record': async (sent) => (await Text.firstOrThrow()).incrementOrThrow(sent),
  'updateColumn of a record': async (sent) => (await Text.firstOrThrow()).updateColumn(sent, 1),
  'lock of a record': async (sent) => (await Text.firstOrThrow()).lock(sent),
  'isolation of a transaction': (sent) => Text.transaction(() => Text.count(), { isolation: sent as 'serializable' }),
  assign: (sent) => new Text({ [sent]: 1 }),
  resetCounters: (sent) => Text.resetCounters(1, sent as never),
}

/** Those that name tables, which may be called as they like as long as it is a name. */
const naming: Readonly<Record<string, Attack>> = {
  'select by a table': (sent) => Text.select({ [sent]: 'x' } as never),
  'count of a column of a joined table': (sent) => Text.joins('writer').count(`Writer.${sent}`),
  from: (sent) => Text.from(sent),
  'from under a name': (sent) => Text.from(Text.all(), sent),
  with: (sent) => Text.with({ [sent]: Text.all() }),
}

/** What took what was sent: nothing when it was refused with an error of ours that isn't the database's. */
async function taken(attack: Attack, sent: string): Promise<string | undefined> {
  try {
    await attack(sent)
    return `${JSON.stringify(sent)} was taken`
  } catch (error) {
    if (!(error instanceof RegaugeError)) return `${JSON.stringify(sent)}: ${String(error)}`
    return error.code === 'REGAUGE_DATABASE_ERROR' ? `${JSON.stringify(sent)} reached the database: ${error.message}` : undefined
  }
}

/** Describes what becomes of names and options from outside, on a database of some kind; nothing when it can't be had. */
export function describeAttempts(open: () => Promise<TestDatabase | undefined>): void {
  boundDatabase([Writer, Text], open)
  before(() => Text.createOrThrow({ title: 'kept' }))

  for (const [name, attack] of Object.entries(entries)) {
    it(`are refused by ${name}`, async () => {
      const found = await Promise.all(hostile.map((sent) => taken(attack, sent)))
      expect(found.filter((each) => each !== undefined)).to.deep.equal([])
    })
  }

  for (const [name, attack] of Object.entries(naming)) {
    it(`are refused by ${name} when they are no names`, async () => {
      const found = await Promise.all(hostile.filter((sent) => !/^\w+$/.test(sent)).map((sent) => taken(attack, sent)))
      expect(found.filter((each) => each !== undefined)).to.deep.equal([])
    })
  }

  it('are values where values belong', async () => {
    for (const sent of hostile.filter((each) => !each.includes('\0'))) {
      expect(await Text.where({ title: sent })).to.deep.equal([])
      expect(await Text.where('title = ?', sent)).to.deep.equal([])
      expect(await Text.exists({ title: sent })).to.equal(false)
      expect(await Text.where({ title: { like: sent } })).to.deep.equal([])
      expect(await Text.where({ id: { in: Text.where({ title: sent }) } })).to.deep.equal([])
    }
  })

  it('find nothing with a null byte, which PostgreSQL refuses in a value and nobody takes in SQL', async () => {
    const [value] = hostile.filter((each) => each.includes('\0'))
    const found = await Promise.resolve(Text.where({ title: value }).toArray()).catch((error: unknown) => (error as Error).message)
    expect([[], 'invalid byte sequence for encoding "UTF8": 0x00']).to.deep.include(found)
    expect(await taken(() => Text.where(`title = '${value}'`).toArray(), value!)).to.equal(undefined)
    expect(await taken(() => Text.order(sql(value!)).toArray(), value!)).to.equal(undefined)
    expect(await taken(() => Text.connection.selectAll(value!), value!)).to.equal(undefined)
  })

  it('are values of fragments, of groups and of rows that are written', async () => {
    for (const sent of hostile.filter((each) => !each.includes('\0'))) {
      expect(await Text.group('title').having('max(title) = ?', sent).count()).to.have.property('size', 0)
      expect(await Text.where('title in (?)', [sent, sent]).count()).to.equal(0)
      expect(await Text.where(sql('title = :title', { title: sent })).count()).to.equal(0)
      expect(await Text.where(['title', 'views'], [[sent, 1]]).count()).to.equal(0)
      expect(await Text.order(sql('case when title = ? then 1 else 2 end', sent)).pluck('title')).to.deep.equal(['kept'])
      expect(await Text.inOrderOf('title', [sent]).count()).to.equal(0)
      expect(await Text.where({ title: sent }).updateAll({ title: sent })).to.equal(0)
      await Text.insertAll([{ title: sent, views: 7 }])
      expect(await Text.where({ views: 7 }).pluck('title')).to.deep.equal([sent])
      expect(await Text.where({ title: sent }).deleteAll()).to.equal(1)
    }
  })

  it('are values of lists with more of them than a database takes arguments', async function () {
    this.timeout(120_000)
    const numbers = Array.from({ length: 66_000 }, (_, place) => place - 1)
    expect(await Text.where({ views: numbers }).pluck('title')).to.deep.equal(['kept'])
    expect(await Text.not({ views: numbers }).count()).to.equal(0)
    expect(await Text.transaction(() => Text.where({ views: numbers }).updateAll({ views: 0 }))).to.equal(1)
    const texts = [
      'kept',
      '\\',
      "\\' or 1=1 --",
      ...hostile.filter((sent) => !sent.includes('\0')),
      ...numbers.map((number) => `it's ? $1 ${number}`),
    ]
    expect(await Text.where('title in (?) and views = ?', texts, 0).count()).to.equal(1)
    await Text.insertAll([{ title: "\\' or 1=1 --", views: 7 }])
    expect(await Text.where({ title: texts }).count()).to.equal(2)
    expect(await Text.where({ views: 7 }).deleteAll()).to.equal(1)
  })

  it('end no comment that a query is annotated with', async () => {
    const ends = [
      '/*/ union select id, title, views, writer_id, updated_at from "Text" --',
      '/*/',
      '*/',
      '*//*',
      '/**/*/',
      '*\0/',
      '//**',
      '/*/*/*/',
    ]
    for (const sent of [...hostile, ...ends]) {
      expect(await Text.annotate(sent).count()).to.equal(1)
      expect(await Text.annotate(sent)).to.have.length(1)
      const [comment] = /\/\* .*$/s.exec(Text.annotate(sent).toSql())!
      expect(comment.slice(2, -2)).not.to.match(/\*\/|\/\*/)
      expect(/\/\*\+ (.*) \*\/ /s.exec(Text.optimizerHints(sent).toSql())![1]).not.to.match(/\*\/|\/\*/)
    }
  })

  it('make no query another that was asked before', async () => {
    const { sql: limited } = Text.annotate('c').limit(1).toQuery() as { sql: string }
    expect((Text.annotate('c limit').toQuery() as { sql: string }).sql).not.to.equal(limited)
    expect(await Text.annotate('c limit')).to.have.length(1)
    const named = async (...names: object[]) => {
      const [found] = await Text.all().select(...(names as never[]))
      return Object.keys(Reflect.get(found!, 'attributes') as object)
    }
    expect(await named({ title: 'a' }, { views: 'b' })).to.include.members(['a', 'b'])
    expect(await named({ title: 'a :Text.views as b' })).to.include('a :Text.views as b')
  })

  it('have changed nothing', async () => {
    expect(await Text.pluck('title', 'views')).to.deep.equal([['kept', 0]])
  })
}
