import { expect } from 'chai'
import { days, hours, minutes } from '../../src/jobs/index.ts'

describe('a duration', () => {
  const noon = new Date('2026-03-10T12:00:00Z')

  it('tells the time after and before another', () => {
    expect(hours(2).from(noon).toISOString()).to.equal('2026-03-10T14:00:00.000Z')
    expect(hours(2).since(noon).toISOString()).to.equal('2026-03-10T14:00:00.000Z')
    expect(days(1).plus(minutes(30)).ago(noon).toISOString()).to.equal('2026-03-09T11:30:00.000Z')
  })

  it('counts from now', () => {
    const { now } = Date
    const before = now()
    expect(minutes(5).fromNow().getTime()).to.be.within(before + 300_000, now() + 300_000)
    expect(minutes(5).ago().getTime()).to.be.within(before - 300_000, now() - 300_000)
  })
})
