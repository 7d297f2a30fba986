import { expect } from 'chai'
import { modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Sample {
  id Int @id @default(autoincrement())
  text String?
  count Int?
  big BigInt?
  ratio Float?
  /// @decimal(10, 2)
  price Decimal?
  at DateTime?
  /// @date
  day DateTime?
  data Json?
}
`
class Sample extends modelOf<{}>()('Sample') {}

describe('casting', () => {
  boundDatabase([Sample], () => testDatabase(schema))
  const cast = (name: string, value: unknown): unknown => Sample.attributeTypes[name]!.cast(value)

  it('reads numbers as Ruby does: grouped, infinite, and up to the first other character', () => {
    expect(['1_000', '12abc', '1e3', '-', ' '].map((text) => cast('count', text))).to.deep.equal([1000, 12, 1, 0, null])
    expect(['1_000', '9007199254740993'].map((text) => cast('big', text))).to.deep.equal([1000n, 9007199254740993n])
    expect(['1_000.5', 'Infinity', '-Infinity', '.5', '1,5'].map((text) => cast('ratio', text))).to.deep.equal([
      1000.5,
      Infinity,
      -Infinity,
      0.5,
      1,
    ])
    expect(cast('ratio', 'NaN')).to.be.NaN
    expect(['1_000.555', '12.345abc', '-1.005', '$5'].map((text) => String(cast('price', text)))).to.deep.equal([
      '1000.56',
      '12.35',
      '-1.01',
      '0',
    ])
  })

  it('writes times into texts as Ruby does', () => {
    expect(cast('text', new Date('2026-01-15T12:30:45Z'))).to.equal('2026-01-15 12:30:45 UTC')
    expect(cast('text', cast('day', '2026-01-15'))).to.equal('2026-01-15')
  })

  const at = (text: string) => (cast('at', text) as Date | null)?.toISOString() ?? null
  for (const [text, time] of [
    ['2026-01-15T10:30:45.123456Z', '2026-01-15T10:30:45.123Z'],
    ['2026-01-15T10:30:45+02', '2026-01-15T08:30:45.000Z'],
    ['2026-01-15 10:30:45 EST', '2026-01-15T15:30:45.000Z'],
    ['2026-01-15 10:30:45 GMT+2', '2026-01-15T08:30:45.000Z'],
    ['Thu, 15 Jan 2026 10:30:45 GMT', '2026-01-15T10:30:45.000Z'],
    ['Thu Jan 15 10:30:45 +0200 2026', '2026-01-15T08:30:45.000Z'],
    ['Jan 15, 2026 3:30 PM', '2026-01-15T15:30:00.000Z'],
    ['15 January 2026 3pm', '2026-01-15T15:00:00.000Z'],
    ['Jan 1st, 2026', '2026-01-01T00:00:00.000Z'],
    ['15-Jan-2026 10:30', '2026-01-15T10:30:00.000Z'],
    ['2026-Jan-15', '2026-01-15T00:00:00.000Z'],
    ['2026/01/15 10:30', '2026-01-15T10:30:00.000Z'],
    ['15.01.2026', '2026-01-15T00:00:00.000Z'],
    ['15-01-2026', '2026-01-15T00:00:00.000Z'],
    ['1/2/2026', '2026-02-01T00:00:00.000Z'],
    ['20260115T103045Z', '2026-01-15T10:30:45.000Z'],
    ['20260115103045', '2026-01-15T10:30:45.000Z'],
    ['2026-01-15 12:30 AM', '2026-01-15T00:30:00.000Z'],
    ['2026-02-30', '2026-03-02T00:00:00.000Z'],
    ['2026-01-15 24:00:00', '2026-01-16T00:00:00.000Z'],
    ['0099-01-01', '0099-01-01T00:00:00.000Z'],
    ['2026-01-15 10:60', null],
    ['2026-01-15 25:00', null],
    ['01/15/2026', null],
    ['12:30', null],
    ['Jan 15', null],
    ['2026-01', null],
    ['abc', null],
  ] as const)
    it(`reads the time ${text}`, () => expect(at(text)).to.equal(time))

  it('takes the day that a text says, whatever its zone, and none that no month has', async () => {
    const days = ['2026-01-15T23:30:00-05:00', '15 Jan 2026', '2026/01/15', 'Thu, 15 Jan 2026 10:30:45 GMT', '2026-02-30', '12:30']
    expect(days.map((text) => cast('day', text)).map((day) => (day as Date | null)?.toJSON() ?? null)).to.deep.equal([
      '2026-01-15',
      '2026-01-15',
      '2026-01-15',
      '2026-01-15',
      null,
      null,
    ])
    const { id } = await Sample.createOrThrow({ day: '2026-01-15T23:30:00-05:00' })
    expect(((await Sample.find(id as number))['day'] as Date).toJSON()).to.equal('2026-01-15')
  })

  it('makes of JSON what will be read of it', () => {
    const day = new Date('2026-01-15')
    expect(new Sample({ data: { day, none: undefined, list: [undefined] } })['data']).to.deep.equal({ day: day.toJSON(), list: [null] })
  })
})
