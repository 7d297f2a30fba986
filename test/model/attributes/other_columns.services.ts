import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf, type Range, range, sql } from '../../../src/model/index.ts'
import { days, minutes, months, years } from '../../../src/values/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, headerFor, onPostgres, testPostgres } from '../test_database.ts'

const schema = `
model Thing {
  id    Int      @id @default(autoincrement())
  i4    Unsupported("int4range")?
  i8    Unsupported("int8range")?
  num   Unsupported("numrange")?
  days  Unsupported("daterange")?
  ts    Unsupported("tsrange")?
  tz    Unsupported("tstzrange")? @map("zoned")
  seats Unsupported("int4range")[]
  b8    String?  @db.Bit(8)
  bits  String?  @db.VarBit
  mac   Unsupported("macaddr")?
  net   Unsupported("cidr")?
  ip    String?  @db.Inet
  price Decimal? @db.Money
  long  Unsupported("interval")?
  doc   String?  @db.Xml
  h     Unsupported("hstore")?
  pt    Unsupported("point")?
  words Unsupported("tsvector")? @default(dbgenerated("'rat'"))
  at    DateTime? @db.Timestamptz(6)
  tags  String[]
}
`
/** What is pushed before the extension of hstore is there. */
const schemaWithoutExtension = schema.replace(/^ {2}h .*$/m, '')
class Thing extends modelOf<{}>()('Thing') {
  declare id: number
  declare i4: Range<number> | null
  declare h: Record<string, string | null>
  declare pt: { x: number; y: number } | null;
  [name: string]: unknown
}

describe('columns that Prisma has no type for', () => {
  const test = boundDatabase([Thing], async () => {
    const opened = await onPostgres(schemaWithoutExtension)
    if (opened === undefined) return undefined
    const { fields } = opened.metadata.models[0]!
    await opened.database.execute('create extension if not exists hstore', [])
    await opened.database.execute('alter table "Thing" add column h hstore', [])
    fields.push({ ...fields.find(({ name }) => name === 'i4')!, ...{ name: 'h', column: 'h', nativeType: ['hstore', []] } })
    return opened
  })

  const open = Number.POSITIVE_INFINITY
  const day = (text: string) => new Date(text)

  /** What is read of what was given, as JSON shows it. */
  const kept = async (name: string, given: unknown): Promise<unknown> => {
    const { id } = await Thing.createOrThrow({ [name]: given } as never)
    const thing = await Thing.find(id)
    const value = thing[name]
    expect(thing.changed).to.deep.equal([])
    thing[name] = value
    expect(thing.changed).to.deep.equal([])
    if (!['doc', 'pt'].includes(name)) expect(await Thing.where({ id, [name]: value } as never).count(), name).to.equal(1)
    return thing.asJson()[name]
  }

  it('hold ranges of numbers, whose open sides are infinite', async () => {
    const cases: [string, unknown, unknown][] = [
      ['i4', range(1, 3), '1...4'],
      ['i4', range(1, 3, { excludesEnd: true }), '1...3'],
      ['i4', range(1, null), '1...Infinity'],
      ['i4', range(null, 5), '-Infinity...6'],
      ['i4', range(-open, open), '-Infinity...Infinity'],
      ['i4', '[1,3)', '1...3'],
      ['i4', '(,5]', '-Infinity...6'],
      ['i4', range('1', '5', { excludesEnd: true }), '1...5'],
      ['i4', 'empty', null],
      ['i4', '', null],
      ['i8', range(1, 2 ** 40), '1...1099511627777'],
      ['num', range(1.5, 3), '1.5..3.0'],
      ['num', range('0.10', '2', { excludesEnd: true }), '0.1...2.0'],
      ['num', '[1,infinity)', '1.0...Infinity'],
    ]
    for (const [name, given, json] of cases) expect(await kept(name, given), `${name} ${String(given)}`).to.equal(json)
    expect((await Thing.findByOrThrow({ i8: range(1, 2 ** 40) } as never))['i8']).to.deep.equal(
      range(1n, 2n ** 40n + 1n, { excludesEnd: true }),
    )
  })

  it('hold ranges of days and times, as Rails reads them', async () => {
    const cases: [string, unknown, unknown][] = [
      ['days', range(day('2026-01-01'), day('2026-01-31')), '2026-01-01...2026-02-01'],
      ['days', '[2026-01-01,)', '2026-01-01...Infinity'],
      ['ts', range(day('2026-01-01T10:00Z'), day('2026-01-02')), '2026-01-01 10:00:00 UTC..2026-01-02 00:00:00 UTC'],
      ['ts', range(day('2026-01-01'), null), '2026-01-01 00:00:00 UTC...'],
      ['tz', '[2026-01-01 10:00:00+02,2026-01-02 00:00:00+02)', '2026-01-01 08:00:00 UTC...2026-01-01 22:00:00 UTC'],
      ['tz', range(null, day('2026-01-02')), '..2026-01-02 00:00:00 UTC'],
    ]
    for (const [name, given, json] of cases) expect(await kept(name, given), `${name} ${String(given)}`).to.equal(json)
  })

  it('refuse what is no range, saying why', async () => {
    for (const [given, reason] of [
      ['(1,3)', 'a range includes its beginning'],
      ['nonsense', 'a range is written as [1,5], [1,5) or [1,)'],
      [7, 'it takes a range, or the text of one'],
    ])
      expect(() => new Thing({ i4: given } as never)).to.throw(
        InvalidArgument,
        `${JSON.stringify(String(given))} can't be in a column of type int4range: ${reason}.`,
      )
    await rejection(Thing.createOrThrow({ days: range('soon', null) } as never), InvalidArgument)
  })

  it('of ranges and lists are compared with one as a whole, and with several of ranges', async () => {
    const thing = await Thing.createOrThrow({ i4: range(21, 23), seats: [range(1, 2), range(5, null)], tags: ['a', 'b'] } as never)
    const found = async (condition: object): Promise<number> => Thing.where({ id: thing.id, ...condition } as never).count()
    expect([
      await found({ i4: range(21, 23) }),
      await found({ i4: range(20, 30) }),
      await found({ i4: [range(21, 23), range(1, 2)] }),
    ]).to.deep.equal([1, 0, 1])
    expect(
      await Thing.where({ id: thing.id })
        .not({ i4: range(21, 23) } as never)
        .count(),
    ).to.equal(0)
    expect([
      await found({ seats: [range(1, 2), range(5, null)] }),
      await found({ tags: ['a', 'b'] }),
      await found({ tags: ['b', 'a'] }),
    ]).to.deep.equal([1, 1, 0])
    expect((await Thing.find(thing.id)).asJson()['seats']).to.have.lengthOf(2)
    expect(JSON.stringify(await Thing.where({ id: thing.id }).pluck('i4', 'seats'))).to.equal('[["21...24",["1...3","5...Infinity"]]]')
  })

  it('of ranges tell a range that is written otherwise as a change, as in Rails', async () => {
    const thing = await (await Thing.createOrThrow({ i4: range(1, 3) } as never)).reload()
    thing.i4 = range(1, 3)
    expect(String(thing.changes['i4'])).to.equal('1...4,1..3')
    thing.i4 = range(1, 4, { excludesEnd: true })
    expect(thing.changed).to.deep.equal([])
    await Thing.where({ id: thing.id }).updateAll({ i4: range(7, 9) } as never)
    expect(String((await thing.reload()).i4)).to.equal('7...10')
    await Thing.insertAll([{ i4: range(100, 103) }] as never)
    expect(await Thing.where({ i4: range(100, 103) } as never).count()).to.equal(1)
  })

  it('hold bits, addresses and amounts as Rails casts them', async () => {
    const cases: [string, unknown, unknown][] = [
      ['b8', '10101010', '10101010'],
      ['b8', '0xff', '11111111'],
      ['bits', '0xF', '1111'],
      ['mac', '08002B010203', '08:00:2b:01:02:03'],
      ['net', '192.168.1.5/24', '192.168.1.0/24'],
      ['net', '192.168.1.5', '192.168.1.5'],
      ['net', '2001:DB8::5/32', '2001:db8::/32'],
      ['net', 'nope', null],
      ['ip', '10.1.2.3/255.255.0.0', '10.1.0.0/16'],
      ['ip', '::1/128', '::1'],
      ['price', '$1,234.56', '1234.56'],
      ['price', '($2.55)', '-2.55'],
      ['price', '12.345.678,12', '12345678.12'],
      ['price', '1234.567', '1234.57'],
      ['price', -5, '-5.0'],
      ['doc', '<a>1</a>', '<a>1</a>'],
      ['words', 'a fat cat', "'a' 'cat' 'fat'"],
    ]
    for (const [name, given, json] of cases) expect(await kept(name, given), `${name} ${String(given)}`).to.equal(json)
    const thing = await (await Thing.createOrThrow({ mac: '08:00:2b:01:02:03' } as never)).reload()
    thing['mac'] = '08:00:2B:01:02:03'
    expect([thing.changed, thing['words']]).to.deep.equal([[], "'rat'"])
  })

  it('hold intervals as durations', async () => {
    const cases: [unknown, string | null, number | null][] = [
      ['P1Y2M3DT4H5M6S', 'P1Y2M3DT4H5M6S', 37_090_350],
      [years(1).plus(months(2)), 'P1Y2M', 36_816_444],
      ['-P1D', 'P-1D', -86_400],
      [minutes(90), 'PT1H30M', 5400],
      [1.5, 'PT1.5S', 1],
      ['P1W', 'P7D', 604_800],
      ['1 day', null, null],
      ['P1W2D', null, null],
    ]
    for (const [given, text, json] of cases) {
      const thing = await (await Thing.createOrThrow({ long: given } as never)).reload()
      expect([thing['long'] === null ? null : String(thing['long']), thing.asJson()['long']]).to.deep.equal([text, json])
    }
    const thing = new Thing({ long: days(1) } as never)
    expect(await Thing.where({ long: minutes(90) } as never).count()).to.equal(1)
    expect(Number(thing['long'])).to.equal(86_400)
  })

  it('hold texts by name and points, and tell changes inside', async () => {
    const thing = await (await Thing.createOrThrow({ h: { a: 1, b: null, 'c"': 'x\\y', t: true }, pt: '(1,2.5)' } as never)).reload()
    expect([thing.h, thing.pt]).to.deep.equal([
      { a: '1', b: null, 'c"': 'x\\y', t: 'true' },
      { x: 1, y: 2.5 },
    ])
    thing.h['b'] = '2'
    thing.pt = { x: 1, y: 2.5 }
    expect(thing.changed).to.deep.equal(['h'])
    await thing.saveOrThrow()
    expect((await Thing.find(thing.id)).h['b']).to.equal('2')
    expect(await Thing.where({ id: thing.id, h: { ...thing.h } } as never).count()).to.equal(1)
    expect(() => new Thing({ h: 'nonsense' } as never)).to.throw(InvalidArgument, 'Invalid Hstore document')
    expect(() => new Thing({ pt: 'x,y' } as never)).to.throw(InvalidArgument, '"x,y" is no point')
  })

  it('hold texts by name that are never operators, also before they are stored', () => {
    const { h } = new Thing({ h: { gt: '0' } } as never)
    expect(() => Thing.where({ id: h } as never)).to.throw(InvalidArgument, 'came from outside')
  })

  it('hold the time that was meant, whatever zone the server is in', async () => {
    const { database, metadata } = test()
    const there = new URL(process.env['TEST_POSTGRES_URL']!)
    there.searchParams.set('options', '-c timezone=Asia/Tokyo')
    const own = await testPostgres(headerFor('postgresql') + schemaWithoutExtension, there.href)
    try {
      bindModels([Thing], own.database, own.metadata)
      const at = new Date('2026-01-01T10:00:00Z')
      const { id } = await Thing.createOrThrow({ at } as never)
      expect((await Thing.find(id))['at']).to.deep.equal(at)
      expect(await Thing.where({ id }).pick(sql('extract(epoch from at)::int'))).to.equal(at.getTime() / 1000)
    } finally {
      bindModels([Thing], database, metadata)
      await own.close()
    }
  })
})
