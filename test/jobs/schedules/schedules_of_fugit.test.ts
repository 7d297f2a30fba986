import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseSchedule, timeAfter } from '../../../src/jobs/index.ts'

interface Recorded {
  readonly after: string
  /** The next three times of each schedule; null for one that Solid Queue refuses. */
  readonly schedules: Readonly<Record<string, readonly string[] | null>>
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'schedules_of_fugit.json'), 'utf8')) as Recorded

/** What fugit reads as something else than it says: refused at boot. */
const refusedHere = [
  'every 90 minutes',
  'every 61 minutes',
  'every 25 hours',
  'every hour at 12',
  'every hour on the hour',
  'every day at 5am every day',
  '0 */25 * * *',
  '*/90 * * * *',
  '0 9 10--2 * *',
  '0 9 * * 1/2',
  '0 9 * * fri/2',
  '0 9 */40 * *',
  '* */30 * * *',
  'every 90 seconds',
  'every 30 hours',
]

/** Fugit forgets the second of the two days. */
const meantHere = ['every 1st and 15th of the month at 10:00']

describe('schedules, against what fugit makes of them', () => {
  for (const [text, times] of Object.entries(recorded.schedules)) {
    if (times === null || refusedHere.includes(text) || meantHere.includes(text)) continue
    it(text, () => expect(timesOf(text)).to.deep.equal(times))
  }

  it('refuse what would come at another time than it says', () => {
    expect(refusedHere.filter((text) => parseSchedule(text) !== undefined)).to.deep.equal([])
  })

  it('know days from the end and some of the weeks in zones whose days are of other lengths', () => {
    const times = (text: string, zone: string, after: string, count: number) => {
      const { cron } = parseSchedule(text)!
      let time = Date.parse(after)
      return Array.from({ length: count }, () => new Date((time = timeAfter(cron, zone, time)!)).toISOString().slice(0, 16))
    }
    // The clocks go forward on the 29th of March, the last day but two, at 1 o'clock, and back on the 25th of October.
    expect(times('30 1-3 -3 3 *', 'Europe/Berlin', '2026-01-01T00:00:00Z', 3)).to.deep.equal([
      '2026-03-29T00:30',
      '2026-03-29T01:30',
      '2027-03-28T23:30',
    ])
    expect(times('0 * * * sun%2+1', 'Europe/Berlin', '2026-10-24T21:30:00Z', 26).toSpliced(1, 23)).to.deep.equal([
      '2026-10-24T22:00',
      '2026-10-25T22:00',
      '2026-11-07T23:00',
    ])
    expect(times('59 23 -1,-7 10 *', 'Europe/Berlin', '2026-10-01T00:00:00Z', 2)).to.deep.equal(['2026-10-25T22:59', '2026-10-31T22:59'])
    expect(times('0 9 -29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2)).to.deep.equal(['2028-02-01T09:00', '2032-02-01T09:00'])
  })

  it('come on both days that are named', () => {
    expect(timesOf(meantHere[0]!)).to.deep.equal(['2026-02-01T10:00:00Z', '2026-02-15T10:00:00Z', '2026-03-01T10:00:00Z'])
  })

  it('say a day once, however often they name it, and count weeks beyond any number', () => {
    expect(parseSchedule(`0 0 ${Array(200).fill('-2').join(',')} * *`)?.cron).to.equal('0 0 -2 * *')
    expect(parseSchedule(`0 0 * * mon%2+${'9'.repeat(500)}`)?.cron).to.equal('0 0 * * 1%2+1')
  })

  it('read more words than fugit, and nothing that is no schedule', () => {
    const read = Object.entries(recorded.schedules).filter(([text, times]) => times === null && parseSchedule(text) !== undefined)
    expect(read.map(([text]) => text)).to.include.members(['every two hours', 'on sundays at 20:00', 'every weekend at noon'])
    const fromEnd = Array.from({ length: 30 }, (_, index) => -2 - index)
    const someWeeks = Array.from({ length: 90 }, (_, index) => `${index % 7}%${900 + index}`)
    const nonsense = [
      'sometimes',
      'every',
      'every day at',
      'every day at 25:00',
      'every evening',
      '61 * * * *',
      '* * * *',
      '0 0 30 2 *',
      '0 0 31 2 *',
      '9999999999-1 * * * *',
      '0-99999999999 * * * *',
      '0 0 * * 3-999999999',
      '0 0 -99999999 * *',
      `${'1,'.repeat(1000)}1 * * * *`,
      '0 0 * * mon%999999999999999999999999999999',
      `0 0 * * mon%${'9'.repeat(900)}`,
      `0 0 ${fromEnd.join(',')} * ${someWeeks.join(',')}&`,
      `* * * * * ${someWeeks.join(',')}`,
    ]
    expect(nonsense.filter((text) => parseSchedule(text) !== undefined)).to.deep.equal([])
  })
})

function timesOf(text: string): string[] {
  const { cron, timeZone = 'UTC' } = parseSchedule(text) ?? {}
  const times: string[] = []
  for (let time = Date.parse(recorded.after); cron !== undefined && times.length < 3; ) {
    time = timeAfter(cron, timeZone, time)!
    times.push(new Date(time).toISOString().replace('.000', ''))
  }
  return times
}
