import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseSchedule, timeAfter } from '../../src/jobs/index.ts'

interface Recorded {
  readonly after: string
  /** The next three times of each schedule; null for one that Solid Queue refuses. */
  readonly schedules: Readonly<Record<string, readonly string[] | null>>
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'schedules_of_fugit.json'), 'utf8')) as Recorded

/** What fugit reads as something else than it says, and what croner has no pattern for: refused at boot. */
const refusedHere = [
  'every 90 minutes',
  'every 61 minutes',
  'every 25 hours',
  'every hour at 12',
  'every hour on the hour',
  'every day at 5am every day',
  '0 */25 * * *',
  '*/90 * * * *',
  '0 0 -2 * *',
  '0 0 * * wed%2',
  '0 0 * * wed%2+1',
  '0 8 * * mon%4+3',
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

  it('come on both days that are named', () => {
    expect(timesOf(meantHere[0]!)).to.deep.equal(['2026-02-01T10:00:00Z', '2026-02-15T10:00:00Z', '2026-03-01T10:00:00Z'])
  })

  it('read more words than fugit, and nothing that is no schedule', () => {
    const read = Object.entries(recorded.schedules).filter(([text, times]) => times === null && parseSchedule(text) !== undefined)
    expect(read.map(([text]) => text)).to.include.members(['every two hours', 'on sundays at 20:00', 'every weekend at noon'])
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
