import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { LiveText } from '../../src/cli/live_text.ts'
import { EmbeddedBackend, type NewJob } from '../../src/jobs/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

/** The title of a terminal's window, a return to the line's beginning, a turn of the direction, a bell. */
const rude = 'a\u001b]0;x\r\u202e\u0007'
const escaped = String.raw`a\x1b]0;x\x0d\u202e\x07`
const notShown = /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u

/** Five characters that take two columns, one, one, two and two. */
const widths = { 日: 2, 'e\u0301': 1, a: 1, '👩‍👩‍👧': 2, '🇯🇵': 2 }

describe('What commands show', function () {
  this.timeout(60_000)
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  async function queueWith(root: string, entries: readonly NewJob[], work: (queue: EmbeddedBackend) => Promise<unknown> = async () => {}) {
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    const queue = new EmbeddedBackend({ directory })
    await queue.add(entries)
    await work(queue)
    await queue.close()
  }

  async function shown(root: string, ...words: string[]): Promise<string> {
    const { stdout, stderr } = await regaugeHere([...words, '--root', root])
    expect(stderr).to.equal('')
    return stdout
  }

  function expectEscaped(text: string, expected = escaped): void {
    expect(text).to.include(expected)
    for (const line of text.split('\n')) expect(notShown.test(line), JSON.stringify(line)).to.equal(false)
  }

  it('has the names, errors and arguments of jobs escaped', async () => {
    const root = applicationWith({})
    const job = { queue: rude, name: rude, data: { arguments: [rude], logs: [rude] } }
    await queueWith(root, [job], async (queue) => {
      await queue.pause(rude)
      await queue.add([{ ...job, queue: 'failing' }])
      const worker = await queue.process(
        async () => ({ kind: 'failed', error: { name: rude, message: rude, stack: `${rude}\n at ${rude}` } }),
        {
          queues: ['failing'],
          concurrency: 1,
        },
      )
      while ((await queue.counts()).failed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      await worker.stop()
    })
    const [{ id }] = JSON.parse(await shown(root, 'jobs', 'list', 'failed', '--json')) as [{ id: string }]
    for (const words of [['list'], ['list', 'failed'], ['show', id], ['metrics'], []]) {
      const text = await shown(root, 'jobs', ...words)
      expectEscaped(text)
    }
    const watching = startRegauge(['jobs', 'watch', '--root', root])
    const [text] = await watching.prints(/paused queues.*\n/)
    expectEscaped(text)
    const json = startRegauge(['jobs', 'watch', '--json', '--root', root])
    const [line] = await json.prints(/.*\n/)
    expect((JSON.parse(line) as { pausedQueues: string[] }).pausedQueues).to.deep.equal([rude])
    for (const asJson of [line.trim(), await shown(root, 'jobs', 'show', id, '--json')]) {
      expect(notShown.test(asJson.replaceAll('\n', ''))).to.equal(false)
    }
  })

  it('has the words of a command escaped in what it says of them', async () => {
    const root = applicationWith({})
    for (const words of [
      ['jobs', 'show', rude],
      ['jobs', 'discard', rude],
      ['jobs', rude],
      ['jobs', 'list', rude],
      ['routes', `--${rude}`],
      [rude],
    ]) {
      const { stderr } = await regaugeHere([...words, '--root', root])
      expectEscaped(stderr)
    }
    const drawn = "import { draw } from 'regauge'\nexport default draw(({ root }) => root('home#index'))\n"
    expectEscaped(await shown(applicationWith({ 'config/routes.ts': drawn }), 'routes', '-c', rude))
  })

  it('has schedules, events, routes and callbacks escaped', async () => {
    const name = JSON.stringify(rude)
    const root = applicationWith({
      'config/routes.ts': `import { draw } from 'regauge'\nexport default draw(({ get }) => get('up', { to: 'up#show', defaults: { of: ${name} } }))\n`,
      'config/recurring.yml': `development:\n  ${name}: { class: Greet, schedule: every hour, queue: ${name} }\n`,
      'app/jobs/greet.ts': "import { Job } from 'regauge'\nexport class Greet extends Job {\n  perform() {}\n}\n",
      'app/events/placed.ts': "import { Event } from 'regauge'\nexport class Placed extends Event<{ id: number }> {}\n",
      'app/subscribers/audit.ts': `import { Subscriber } from 'regauge'
import { Placed } from '../events/placed.ts'
export class Audit extends Subscriber {
  static { this.subscribeTo(Placed, { deferred: true, queue: ${name} }) }
  call() {}
}
`,
      'app/controllers/up_controller.ts': `import { ApplicationController } from './application_controller.ts'
export class UpController extends ApplicationController {
  static { this.beforeAction(${name}) }
  show() {}
  [${name}]() {}
}
`,
    })
    for (const words of [['schedules'], ['events'], ['callbacks', 'up']]) expectEscaped(await shown(root, ...words))
    const asJson = String.raw`{of: "a\u001b]0;x\r\u202e\u0007"}`
    for (const words of [[], ['--expanded']]) expectEscaped(await shown(root, 'routes', ...words), asJson)
  })

  it('is in columns also where characters are wide, or are made of several', async () => {
    const root = applicationWith({})
    await queueWith(
      root,
      Object.keys(widths).map((character) => ({ queue: `${character}${character}`, name: 'Greet', data: { arguments: [] } })),
    )
    const lines = (await shown(root, 'jobs', 'list')).trimEnd().split('\n')
    const expected = Object.entries(widths).map(([character, width]) => `  ${character}${character}${' '.repeat(4 - 2 * width)}  Greet  `)
    for (const text of expected)
      expect(
        lines.filter((line) => line.includes(text)),
        text,
      ).to.have.lengthOf(1)
  })

  it('cuts long names by their columns, and no character apart', async () => {
    const root = applicationWith({})
    await queueWith(root, [
      { queue: '日'.repeat(31), name: `${'x'.repeat(58)}👩‍👩‍👧y`, data: { arguments: [] } },
      { queue: '日'.repeat(30), name: `${'x'.repeat(58)}e\u0301yz`, data: { arguments: [] } },
    ])
    const lines = (await shown(root, 'jobs', 'list')).trimEnd().split('\n')
    expect(lines[0])
      .to.include(`  ${'日'.repeat(29)}…  `)
      .and.include(`  ${'x'.repeat(58)}…  `)
    expect(lines[1])
      .to.include(`  ${'日'.repeat(30)}  `)
      .and.include(`  ${'x'.repeat(58)}e\u0301…  `)
  })

  it('takes the place of lines that wide characters made longer than the terminal is wide', () => {
    for (const [text, lines] of [
      ['日'.repeat(5), 1],
      [`a${'日'.repeat(5)}`, 2],
      [`a${'日'.repeat(10)}`, 3],
      ['e\u0301'.repeat(10), 1],
    ] as const) {
      const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 10 })
      const live = new LiveText(out)
      live.show(text)
      live.show('')
      let shown = ''
      for (let piece = out.read(); piece !== null; piece = out.read()) shown += String(piece)
      expect(shown).to.include(`\u001b[${lines}A`)
    }
  })
})
