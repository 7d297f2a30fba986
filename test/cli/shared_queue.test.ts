import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge, type RunningCommand, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const files = {
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ post }) => {
  post('notes/:number', { to: 'notes#create' })
})
`,
  'app/controllers/notes_controller.ts': `import { Controller } from 'regauge'
import { Note } from '../jobs/note.ts'
export class NotesController extends Controller {
  async create() {
    await Note.performLater(this.params.get('number'))
    this.head('created')
  }
}
`,
  'app/jobs/note.ts': `import { appendFileSync } from 'node:fs'
import { Job } from 'regauge'
export class Note extends Job {
  perform(number: string) {
    appendFileSync('ran', \`\${number}\\n\`)
  }
}
`,
}

interface Server extends RunningCommand {
  readonly url: string
}

describe('processes of one application on one machine', () => {
  let root: string
  beforeEach(() => (root = applicationWith(files)))
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  async function serve(...words: string[]): Promise<Server> {
    const command = startRegauge(['server', '--root', root, '--port', '0', '--host', '127.0.0.1', ...words], { cwd: root })
    const [, url = ''] = await command.prints(/(http:\/\/127\.0\.0\.1:\d+)/)
    return { ...command, url }
  }

  const ownerPid = () => (JSON.parse(readFileSync(join(root, 'storage/jobs/development/owner.lock'), 'utf8')) as { pid: number }).pid
  const ran = () => new Set(readFileSync(join(root, 'ran'), 'utf8').split('\n'))
  const jobs = async (...words: string[]) =>
    JSON.parse((await regaugeHere(['jobs', ...words, '--json', '--root', root])).stdout) as Record<string, unknown>

  it('share one queue: whichever owns it may be killed under load, and no acknowledged job is lost', async () => {
    const servers = await Promise.all([serve(), serve(), serve('--workers', '2')])
    const acknowledged: string[] = []
    let [isOver, number, awaited, told] = [false, 0, 0, () => {}]
    const acknowledge = (count: number) => {
      awaited = acknowledged.length + count
      return new Promise<void>((resolve) => (told = resolve))
    }
    const enqueue = async ({ url, process }: Server) => {
      while (!isOver && process.exitCode === null && process.signalCode === null) {
        const mine = String(++number)
        const response = await fetch(`${url}/notes/${mine}`, { method: 'POST' }).catch(() => undefined)
        if (response?.status === 201 && acknowledged.push(mine) === awaited) told()
      }
    }
    const load = servers.flatMap((server) => [enqueue(server), enqueue(server)])
    for (const survivors of [2, 1]) {
      await acknowledge(60)
      const owner = servers.find(({ process }) => process.pid === ownerPid())!
      owner.process.kill('SIGKILL')
      await owner.ended
      expect(servers.filter(({ process }) => process.signalCode === null)).to.have.length(survivors)
    }
    await acknowledge(60)
    isOver = true
    await Promise.all(load)
    const last = servers.find(({ process }) => process.signalCode === null)!
    expect(ownerPid()).to.equal(last.process.pid)
    for (let isDone = false; !isDone; ) {
      const { waiting, active } = await jobs()
      isDone = waiting === 0 && active === 0
    }
    expect(acknowledged.filter((one) => !ran().has(one))).to.deep.equal([])
    last.process.kill('SIGTERM')
    expect((await last.ended).status).to.equal(0)
    expect(await jobs()).to.include({ waiting: 0, failed: 0 })
  }).timeout(240_000)

  it('share it with a console that had it first, and with `regauge jobs`', async () => {
    const typed = startRegauge(['console', '--root', root], { cwd: root, keepsInput: true })
    typed.process.stdin!.write(
      "const { Note } = await import(`${process.cwd()}/app/jobs/note.ts`)\nawait Note.performLater('of the console')\n'enqueued'\n",
    )
    await typed.prints(/'enqueued'/)
    expect(ownerPid()).to.equal(typed.process.pid)
    const server = await serve()
    expect(ownerPid()).to.equal(typed.process.pid)
    while ((await jobs())['waiting'] !== 0) await new Promise(setImmediate)
    const paused = await regauge(['jobs', 'pause', 'default', '--json', '--root', root])
    expect(JSON.parse(paused.stdout)).to.deep.equal({ queue: 'default', paused: true })
    typed.process.stdin!.end()
    await typed.ended
    expect((await fetch(`${server.url}/notes/after`, { method: 'POST' })).status).to.equal(201)
    expect(ownerPid()).to.equal(server.process.pid)
    expect(await jobs()).to.deep.include({ waiting: 1, pausedQueues: ['default'] })
    await jobs('resume', 'default')
    while ((await jobs())['waiting'] !== 0) await new Promise(setImmediate)
    expect([...ran()]).to.include.members(['of the console', 'after'])
  }).timeout(240_000)
})
