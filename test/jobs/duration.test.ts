import { expect } from 'chai'
import { days, months, weeks, years } from '../../src/jobs/index.ts'

describe('a duration', () => {
  const timeAfter = (duration: { from(start: Date): Date }, start: string) => duration.from(new Date(start)).toISOString()

  it('counts years and months by the calendar', () => {
    expect(timeAfter(months(1), '2026-01-31T10:00:00Z')).to.equal('2026-02-28T10:00:00.000Z')
    expect(timeAfter(months(13), '2026-01-31T10:00:00Z')).to.equal('2027-02-28T10:00:00.000Z')
    expect(timeAfter(years(1), '2024-02-29T10:00:00Z')).to.equal('2025-02-28T10:00:00.000Z')
    expect(timeAfter(years(20), '2026-11-25T00:00:00Z')).to.equal('2046-11-25T00:00:00.000Z')
  })

  it('counts its parts one after another', () => {
    expect(timeAfter(months(1).plus(days(1)), '2026-01-31T10:00:00Z')).to.equal('2026-03-01T10:00:00.000Z')
    expect(timeAfter(weeks(1).plus(days(1)), '2026-01-31T10:00:00Z')).to.equal('2026-02-08T10:00:00.000Z')
  })

  it('tells what was as it tells what will be', () => {
    const now = new Date()
    const past = years(1).ago()
    expect(now.getUTCFullYear() - past.getUTCFullYear()).to.equal(1)
    expect(past.getUTCMonth()).to.equal(now.getUTCMonth())
  })

  it('has the length of an average year in seconds', () => {
    expect(years(1).seconds).to.equal(31_556_952)
  })
})
