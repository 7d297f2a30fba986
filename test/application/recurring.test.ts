import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { boot, describeSchedules } from '../../src/application/index.ts'
import { rejection } from '../model/rejection.ts'
import { applicationWith, removeFolders } from './folder.ts'

const sweep = `import { Job } from 'regauge'
export class Sweep extends Job {
  perform() {}
}
`

describe('config/recurring.yml', () => {
  afterEach(removeFolders)

  it('finds the jobs of all folders that Sidekiq has them in', async () => {
    const classNamed = (name: string) => `import { Job } from 'regauge'\nexport class ${name} extends Job { perform() {} }\n`
    const root = applicationWith({
      'app/workers/feeds/refresh_worker.ts': classNamed('FeedsRefreshWorker'),
      'app/sidekiq/deliver_job.ts': classNamed('DeliverJob'),
      'config/recurring.yml':
        'test:\n  refresh: { class: FeedsRefreshWorker, schedule: every hour }\n  deliver: { class: DeliverJob, schedule: every hour }\n',
    })
    const schedules = await describeSchedules({ root, env: 'test' })
    expect(schedules.map(({ job }) => job)).to.have.members(['FeedsRefreshWorker', 'DeliverJob'])
  })

  const folderWith = (text: string) => applicationWith({ 'app/jobs/sweep.ts': sweep, 'config/recurring.yml': text })
  const schedulesOf = async (text: string, env = 'test') =>
    (await describeSchedules({ root: folderWith(text), env })).map(({ key, schedule, queue }) => [key, schedule, queue])

  it('merges what environments have in common, and what tasks have', async () => {
    const text = `default: &default
  sweep: &sweep
    class: Sweep
    schedule: every hour
    queue: slow
test:
  <<: *default
  often:
    <<: *sweep
    schedule: every minute
development:
  <<: *default
  sweep:
    <<: *sweep
    queue: default
`
    expect(await schedulesOf(text)).to.have.deep.members([
      ['sweep', 'every hour', 'slow'],
      ['often', 'every minute', 'slow'],
    ])
    expect(await schedulesOf(text, 'development')).to.deep.equal([['sweep', 'every hour', 'default']])
  })

  it('finds the classes of modules by their full names, in one word, or by the last of their names', async () => {
    const jobs = `import { Job } from 'regauge'
export class DeliveryWorker extends Job {
  static override name = 'ActivityPub::DeliveryWorker'
  perform() {}
}
export class AccountSweep extends Job {
  perform() {}
}
`
    const tasks = ['ActivityPub::DeliveryWorker', 'Account::Sweep', '::Account::Sweep', 'Message::Sweep'].map(
      (name, index) => `task${index}: { class: "${name}", schedule: every hour }\n`,
    )
    const files = { 'app/jobs/jobs.ts': jobs, 'app/jobs/sweep.ts': sweep, 'config/recurring.yml': tasks.join('') }
    const schedules = await describeSchedules({ root: applicationWith(files), env: 'test' })
    expect(schedules.map(({ job }) => job)).to.deep.equal(['ActivityPub::DeliveryWorker', 'AccountSweep', 'AccountSweep', 'Sweep'])
  })

  it('means by its texts what Ruby does', async () => {
    const noting = `import { Job } from 'regauge'
export class Note extends Job {
  perform(...values: unknown[]) {
    process.emit('noted', values)
  }
}
`
    const meanings: readonly (readonly [string, unknown])[] = [
      ['yes', true],
      ['Off', false],
      ['~', null],
      ['y', 'y'],
      ['"no"', 'no'],
      ['1_000', 1000],
      ['2,000', 2000],
      ['-010', -8],
      ['08', '08'],
      ['0o10', '0o10'],
      ['0x1F', 31],
      ['0b101', 5],
      ['18446744073709551616', 18446744073709551616n],
      ['1:30:00', 5400],
      ['12:30', 45_000],
      ['1:30:00.5', 5400.5],
      ['.5', 0.5],
      ['1e3', '1e3'],
      [':sym', 'sym'],
      ['2024-01-02', '2024-01-02'],
      ['1.2.3', '1.2.3'],
    ]
    const args = meanings.map(([text]) => `      - ${text}\n`).join('')
    const text = `test:\n  note:\n    class: Note\n    schedule: every second\n    overlap: no\n    args:\n${args}`
    const root = applicationWith({ 'app/jobs/note.ts': noting, 'config/recurring.yml': text })
    const application = await boot({ root, env: 'test' })
    try {
      const noted = once(process, 'noted')
      await application.work()
      expect(await noted).to.deep.equal([meanings.map(([, meaning]) => meaning)])
    } finally {
      await application.stop()
    }
  }).timeout(20_000)

  const erb = {
    'in a value': "sweep:\n  class: Sweep\n  schedule: every <%= ENV.fetch('MINUTES', 5) %> minutes\n",
    'around a task': "test:\n  # by plan\n  <% if ENV['SWEEPS'] %>\n  sweep: { class: Sweep, schedule: every hour }\n  <% end %>\n",
  }
  for (const [where, text] of Object.entries(erb)) {
    it(`is refused with ERB ${where}, by the line`, async () => {
      const root = folderWith(text)
      const error = await rejection(describeSchedules({ root, env: 'test' }), Error)
      expect(error).to.include({ code: 'REGAUGE_LOAD_FAILED' })
      expect(error.message).to.equal(
        `${join(root, 'config/recurring.yml')}:3 could not be loaded: it has ERB there, and no Ruby is run. ` +
          'Write what it answers; what differs by environment goes below the name of each.',
      )
    })
  }

  const nested = [...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
  const hostile: Record<string, readonly [string, RegExp]> = {
    'aliases that multiply': [`a: &a [${Array(9).fill('x').join(',')}]\n${nested.join('\n')}`, /resource exhaustion/],
    'the tag of a Ruby object': ['sweep: !ruby/object:Sweep { class: Sweep, schedule: every hour }', /Unresolved tag: !ruby\/object:Sweep/],
    'a function as a tag': ['sweep: !!js/function "function () {}"', /Unresolved tag/],
    'lists without end': [`sweep: ${'['.repeat(20_000)}`, /could not be loaded/],
    'a list': ['- { class: Sweep, schedule: every hour }', /it has no tasks with names/],
    'a prototype': ['sweep: { class: Sweep, schedule: every hour, __proto__: { queue: slow } }', /unknown setting '__proto__'/],
  }
  for (const [what, [text, message]] of Object.entries(hostile)) {
    it(`is refused with ${what}`, async () => {
      const error = await rejection(describeSchedules({ root: folderWith(text), env: 'test' }), Error)
      expect(error.message).to.match(message)
    })
  }

  it('may have ERB in a comment', async () => {
    const text = '# <%= 1 %>\nsweep: { class: Sweep, schedule: every hour } # not <%= 2 %>\n'
    expect(await schedulesOf(text)).to.deep.equal([['sweep', 'every hour', 'default']])
  })
})
