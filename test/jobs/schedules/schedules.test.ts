import { expect } from 'chai'
import { Job, JobRunner, parseSchedule, type RecurringJob, recurringTasks, timeAfter, useJobBackend } from '../../../src/jobs/index.ts'
import { collectingLogger, QueueDirectory } from '../queue_directory.ts'

class Report extends Job {
  static {
    this.queueAs('reports')
    this.queueWithPriority(3)
  }
  perform(..._args: unknown[]) {}
}

describe('schedules', () => {
  describe('are read as Solid Queue reads them', () => {
    const meanings: Record<string, string> = {
      '*/5 * * * *': '*/5 * * * *',
      '*/10 * * * * *': '*/10 * * * * *',
      '@daily': '0 0 * * *',
      '@hourly': '0 * * * *',
      'every minute': '* * * * *',
      'every 5 minutes': '*/5 * * * *',
      'every 30 seconds': '*/30 * * * * *',
      'every second': '* * * * * *',
      'every hour': '0 * * * *',
      'every two hours': '0 */2 * * *',
      'every hour at minute 12': '12 * * * *',
      'every day': '0 0 * * *',
      'at 5am every day': '0 5 * * *',
      'every day at 5am': '0 5 * * *',
      'every day at 5:30 pm': '30 17 * * *',
      'every day at noon': '0 12 * * *',
      'every day at midnight': '0 0 * * *',
      'every day at five': '0 5 * * *',
      'every day at 12am': '0 0 * * *',
      'every week': '0 0 * * 0',
      'every month': '0 0 1 * *',
      'every month on the 3rd at 4am': '0 4 3 * *',
      'on the 1st of every month at 6:15': '15 6 1 * *',
      'every year': '0 0 1 1 *',
      'every monday': '0 0 * * 1',
      'every monday and friday at 17:30': '30 17 * * 1,5',
      'every weekday at 9am': '0 9 * * 1-5',
      'every mon to fri at 9am': '0 9 * * 1-5',
      'on sundays at 20:00': '0 20 * * 0',
    }
    for (const [text, cron] of Object.entries(meanings)) {
      it(text, () => expect(parseSchedule(text)).to.deep.equal({ cron, timeZone: undefined }))
    }

    it('with a time zone', () => {
      expect(parseSchedule('0 5 * * * Europe/Paris')).to.deep.equal({ cron: '0 5 * * *', timeZone: 'Europe/Paris' })
      expect(parseSchedule('at 5am every day in America/New_York')).to.deep.equal({ cron: '0 5 * * *', timeZone: 'America/New_York' })
    })

    for (const text of [
      '',
      'sometimes',
      'every 70 minutes',
      'every day at 25:00',
      '61 * * * *',
      'every someday',
      '* * * * * Mars/Base',
      'every 0 days',
    ]) {
      it(`not ${JSON.stringify(text)}`, () => expect(parseSchedule(text)).to.equal(undefined))
    }
  })

  it('come at the hour of their time zone, also when clocks are changed', () => {
    const next = (time: string) => new Date(timeAfter('0 5 * * *', 'Europe/Paris', Date.parse(time))!).toISOString()
    expect(next('2026-03-28T00:00:00Z')).to.equal('2026-03-28T04:00:00.000Z')
    expect(next('2026-03-29T00:00:00Z')).to.equal('2026-03-29T03:00:00.000Z')
  })

  describe('in config/recurring.yml', () => {
    it('name a class, its arguments, queue and priority, by environment or not', () => {
      const task = { class: 'Report', args: [1, { kind: 'daily' }], schedule: 'every day at 5am', queue: 'slow', priority: 7 }
      const [job] = recurringTasks({ production: { daily: task }, development: null }, 'production', [Report])
      expect(job).to.deep.include({ key: 'daily', schedule: 'every day at 5am', cron: '0 5 * * *', catchUp: 'skip' })
      const [record] = job!.job.data['arguments'] as unknown[]
      expect([record, job!.job.queue, job!.job.priority, job!.job.name]).to.deep.equal([1, 'slow', 7, 'Report'])
      expect(recurringTasks({ production: { daily: task }, development: null }, 'development', [Report])).to.deep.equal([])
      expect(recurringTasks({ daily: { class: 'Report', schedule: '@daily' } }, 'test', [Report])[0]!.job).to.deep.include({
        queue: 'reports',
        priority: 3,
      })
    })

    const refused: [string, object, RegExp][] = [
      [
        'an unknown class',
        { class: 'Reprot', schedule: '@daily' },
        /'daily' in config\/recurring\.yml names the class Reprot.*Did you mean Report\?/,
      ],
      [
        'an unreadable schedule',
        { class: 'Report', schedule: 'now and then' },
        /schedule that can't be read, or that never comes: "now and then"/,
      ],
      ['a number left to chance', { class: 'Report', schedule: '~ 5 * * *' }, /can't be read.*"~ 5 \* \* \*"\. A ~ stands for a number/],
      ['weeks by no modulo', { class: 'Report', schedule: '0 5 * * wed%0' }, /Every second week is wed%2/],
      ['every other week in words', { class: 'Report', schedule: 'every other week' }, /Every second week is such as "0 9 \* \* mon%2"/],
      ['a step from one weekday', { class: 'Report', schedule: '0 5 * * 1/2' }, /takes a step from one weekday as that day alone/],
      ['a step that is too long', { class: 'Report', schedule: '0 */27 * * *' }, /A step is at least 1 and no longer than its field/],
      ['an interval that fits no cron line', { class: 'Report', schedule: 'every 90 minutes' }, /So long an interval fits no cron line/],
      ['a mistyped unit', { class: 'Report', schedule: 'every 5 minuts' }, /There is no 'minuts'\. Did you mean minutes\?/],
      ['a mistyped day', { class: 'Report', schedule: 'every mondy at 9am' }, /Did you mean monday\?/],
      ['a unit that there is not', { class: 'Report', schedule: 'every 2 fortnights' }, /weeks, months or years, not in 'fortnights'/],
      ['times at two minutes', { class: 'Report', schedule: 'every day at 16:15 and 18:30' }, /write a task for each/],
      ['a duration', { class: 'Report', schedule: '5 minutes' }, /A duration says how long, not when/],
      ['a start', { class: 'Report', schedule: '@reboot' }, /Nothing recurs at a start/],
      ['days from both ends', { class: 'Report', schedule: '0 5 10--2 * *' }, /Days from the end are -2/],
      ['a command', { command: 'User.purge', schedule: '@daily' }, /has a command/],
      ['a mistyped setting', { class: 'Report', schedule: '@daily', queu: 'x' }, /unknown setting 'queu'\. Did you mean queue\?/],
      ['a setting of another scheduler', { class: 'Report', cron: '@daily' }, /unknown setting 'cron'\. Did you mean schedule\?/],
      ['a zone by its place', { class: 'Report', schedule: 'every day at 3am Berlin' }, /full names: Europe\/Berlin for Berlin\./],
      ['a zone by its place, in a cron line', { class: 'Report', schedule: '0 9 * * * Tokyo' }, /full names: Asia\/Tokyo for Tokyo\./],
    ]
    for (const [what, task, message] of refused) {
      it(`refuse ${what}`, () => expect(() => recurringTasks({ daily: task }, 'test', [Report])).to.throw(message))
    }
  })

  describe('kept by the queue', () => {
    let directory: QueueDirectory
    const { now } = Date
    beforeEach(async () => (directory = await QueueDirectory.make()))
    afterEach(async () => {
      Date.now = now
      await directory.dispose()
      useJobBackend(undefined)
    })

    const everyMinute = (more: object = {}): RecurringJob[] =>
      recurringTasks({ tick: { class: 'Report', schedule: '* * * * *', ...more } }, 'test', [Report])
    const at = (time: string) => (Date.now = () => Date.parse(time))

    it('enqueue a job each time, once, however often the process starts', async () => {
      at('2026-01-01T12:00:30Z')
      const first = directory.open()
      await first.schedule(everyMinute())
      expect(await first.counts()).to.include({ waiting: 0, prioritized: 0 })
      expect((await first.schedules())[0]).to.deep.include({
        key: 'tick',
        job: 'Report',
        queue: 'reports',
        nextAt: Date.parse('2026-01-01T12:01:00Z'),
      })
      at('2026-01-01T12:01:00Z')
      await first.schedule(everyMinute())
      expect(await first.counts()).to.include({ prioritized: 1 })
      await first.close()
      const second = directory.open()
      await second.schedule(everyMinute())
      expect(await second.counts()).to.include({ prioritized: 1 })
      expect((await second.schedules())[0]!.lastAt).to.equal(Date.parse('2026-01-01T12:01:00Z'))
    })

    const missed = { skip: 0, once: 1, all: 3 }
    for (const [policy, jobs] of Object.entries(missed)) {
      it(`catch up ${policy} of the times that nobody was there for`, async () => {
        at('2026-01-01T12:00:30Z')
        const hourly = () => recurringTasks({ tick: { class: 'Report', schedule: '@hourly', catch_up: policy } }, 'test', [Report])
        const first = directory.open()
        await first.schedule(hourly())
        await first.close()
        at('2026-01-01T15:30:00Z')
        const second = directory.open()
        await second.schedule(hourly())
        expect(await second.counts()).to.include({ prioritized: jobs })
      })
    }

    it('go on at once when a clock that was far ahead is put right, and use no time twice when it was ahead by little', async () => {
      at('2027-01-01T12:00:30Z')
      const backend = directory.open()
      await backend.schedule(everyMinute())
      at('2026-01-01T12:00:30Z')
      await backend.schedule(everyMinute())
      at('2026-01-01T12:01:00Z')
      await backend.schedule(everyMinute())
      expect(await backend.counts()).to.include({ prioritized: 1 })
      at('2026-01-01T12:00:59Z')
      await backend.schedule(everyMinute())
      at('2026-01-01T12:01:30Z')
      await backend.schedule(everyMinute())
      expect(await backend.counts()).to.include({ prioritized: 1 })
    })

    it('leave out a job whose forerunner is not done, when they may not overlap', async () => {
      const backend = directory.open()
      for (const time of ['2026-01-01T12:00:30Z', '2026-01-01T12:01:01Z', '2026-01-01T12:02:01Z']) {
        at(time)
        await backend.schedule(everyMinute({ overlap: false }))
      }
      expect(await backend.counts()).to.include({ prioritized: 1 })
    })

    it('end when they are taken out of the file', async () => {
      at('2026-01-01T12:00:30Z')
      const backend = directory.open()
      await backend.schedule(everyMinute())
      await backend.schedule([])
      at('2026-01-01T12:05:00Z')
      await backend.schedule([])
      expect(await backend.schedules()).to.deep.equal([])
      expect(await backend.counts()).to.include({ prioritized: 0 })
    })

    it('are run by a runner, each job with an id of its own', async () => {
      const ids = new Set<string>()
      class Tick extends Job {
        perform() {
          ids.add(this.jobId)
        }
      }
      const backend = directory.open()
      const recurring = recurringTasks({ tick: { class: 'Tick', schedule: 'every second' } }, 'test', [Tick])
      const runner = new JobRunner(backend, { classes: [Tick], recurring, logger: collectingLogger([]) })
      await runner.start()
      while (ids.size < 2) await new Promise((resolve) => setTimeout(resolve, 10))
      await runner.stop()
    }).timeout(10_000)
  })
})
