import { readFileSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { io, type Socket } from 'socket.io-client'
import WebSocket from 'ws'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge, type RunningCommand, startRegauge } from './command.ts'

const controller = `import { broadcast, Controller } from 'regauge'
import { EchoJob } from '../jobs/echo_job.ts'
import { version } from '../version.ts'

export class ProcessesController extends Controller {
  show() {
    this.response.setHeader('connection', 'close')
    this.render({ json: { pid: process.pid, worker: process.env['REGAUGE_WORKER'], version } })
  }

  async enqueue() {
    const job = await EchoJob.performLater(this.params.get('text'))
    this.render({ json: { pid: process.pid, id: job.jobId } })
  }

  async shout() {
    await broadcast('news', { text: this.params.get('text'), pid: process.pid })
    this.head('no_content')
  }

  crash() {
    setImmediate(() => process.exit(7))
    this.head('no_content')
  }
}
`
const job = `import { Job } from 'regauge'

export class EchoJob extends Job {
  async perform(text: string) {
    if (text === 'die' && this.executions === 1) process.kill(process.pid, 'SIGKILL')
    process.stdout.write(\`job \${text} in \${process.pid}\\n\`)
  }
}
`
const routes = `import { cable, draw } from 'regauge'

export default draw(({ get, mount, post }) => {
  mount(cable, { at: '/live' })
  get('process', { to: 'processes#show' })
  post('jobs/:text', { to: 'processes#enqueue' })
  post('news/:text', { to: 'processes#shout' })
  post('crash', { to: 'processes#crash' })
})
`
const files = {
  'config/routes.ts': routes,
  'config/application.ts':
    "import { configure } from 'regauge'\nexport default configure((config) => void config.cable.transports.push('socket.io'))\n",
  'app/controllers/processes_controller.ts': controller,
  'app/jobs/echo_job.ts': job,
  'app/version.ts': 'export const version = 1\n',
  'app/channels/news_channel.ts':
    "import { Channel } from 'regauge'\nexport class NewsChannel extends Channel {\n  subscribed() {\n    this.streamFrom('news')\n    this.transmit({ pid: process.pid })\n  }\n}\n",
}

interface Process {
  readonly pid: number
  readonly worker: string
  readonly version: number
}

const clients: Socket[] = []
let command: RunningCommand
let root: string
let url: string

async function start(): Promise<void> {
  root = applicationWith(files)
  command = startRegauge(['server', '--root', root, '--port', '0', '--host', '127.0.0.1', '--workers', '2'])
  url = (await command.prints(/application +(http:\/\/127\.0\.0\.1:\d+)\//))[1]!
}
/** The next message of a client's subscriptions. */
const heard = (client: Socket) => new Promise<unknown>((resolve) => client.once('message', (_identifier, message) => resolve(message)))
/** A request of a client of socket.io that polls, on a connection of its own. */
const poll = (method: string, query: string, body?: string) =>
  new Promise<string>((resolve, reject) => {
    httpRequest(`${url}/socket.io/?EIO=4&transport=polling${query}`, { method, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => resolve(text))
    })
      .once('error', reject)
      .end(body)
  })
const post = (path: string) => fetch(url + path, { method: 'POST' })
/** Asks until both workers have answered. */
const processes = async (): Promise<Map<string, Process>> => {
  const found = new Map<string, Process>()
  while (found.size < 2) {
    const one = (await (await fetch(`${url}/process`)).json()) as Process
    found.set(one.worker, one)
  }
  return found
}

const end = () => {
  for (const client of clients.splice(0)) client.disconnect()
  endCommands()
  removeFolders()
}

/** Ends a server that several tests asked. */
const stop = async () => {
  command.process.kill('SIGTERM')
  const { status, stdout } = await command.ended
  end()
  expect(status).to.equal(0)
  expect(stdout.match(/application +http/g)).to.have.lengthOf(1)
}

describe('several workers together', () => {
  before(start)
  after(stop)

  it('answer each, and say so once', async () => {
    expect([...(await processes()).keys()].sort()).to.deep.equal(['1', '2'])
    const [printed] = await command.prints(/^[\s\S]*in 2 processes after \d+ ms[\s\S]*/)
    expect(printed.match(/application +http/g)).to.have.lengthOf(1)
  })

  it('say where their WebSockets are, as one process does', async () => {
    const [, webSockets, socketIo] = await command.prints(/ {2}WebSockets +(\S+)\n {2}socket\.io +(\S+)\n/)
    expect([webSockets, socketIo]).to.deep.equal([`${url.replace('http', 'ws')}/live`, `${url}/socket.io`])
  })

  it('runs jobs, whichever of them enqueued them, from one queue', async () => {
    const ids = new Set<string>()
    for (const text of ['a', 'b', 'c', 'd']) ids.add(((await (await post(`/jobs/${text}`)).json()) as { id: string }).id)
    for (const text of ['a', 'b', 'c', 'd']) await command.prints(new RegExp(`job ${text} in \\d+`))
    expect(ids.size).to.equal(4)
  })

  it('brings a broadcast to the clients of all workers', async () => {
    const received = new Map<number, Promise<unknown>>()
    const sockets: WebSocket[] = []
    while (received.size < 2) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, ['actioncable-v1-json'], {
        headers: { origin: 'http://127.0.0.1' },
      })
      sockets.push(socket)
      const messages: Record<string, unknown>[] = []
      const waiting: ((message: Record<string, unknown>) => void)[] = []
      socket.on('message', (data) => {
        const { message } = JSON.parse(String(data)) as { message?: unknown }
        if (typeof message !== 'object' || message === null) return
        const next = waiting.shift()
        if (next) next(message as Record<string, unknown>)
        else messages.push(message as Record<string, unknown>)
      })
      const next = () =>
        new Promise<Record<string, unknown>>((resolve) => (messages.length > 0 ? resolve(messages.shift()!) : waiting.push(resolve)))
      await new Promise((resolve) => socket.once('open', resolve))
      socket.send(JSON.stringify({ command: 'subscribe', identifier: '{"channel":"NewsChannel"}' }))
      const { pid } = await next()
      received.set(Number(pid), next())
    }
    await post('/news/hello')
    const texts = await Promise.all([...received.values()])
    expect(texts.map((message) => (message as { text: string }).text)).to.deep.equal(['hello', 'hello'])
    for (const socket of sockets) socket.terminate()
  })

  it('brings a broadcast to the clients of socket.io of all workers', async () => {
    const received = new Map<number, Promise<unknown>>()
    while (received.size < 2) {
      const client = io(url, { transports: ['websocket'], forceNew: true })
      clients.push(client)
      const first = heard(client)
      client.emit('subscribe', 'NewsChannel')
      const { pid } = (await first) as { pid: number }
      received.set(pid, heard(client))
    }
    await post('/news/hello')
    const texts = (await Promise.all([...received.values()])) as { text: string }[]
    expect(texts.map(({ text }) => text)).to.deep.equal(['hello', 'hello'])
    for (const client of clients.splice(0)) client.disconnect()
  })

  it('serve clients of socket.io that poll, whose requests come to several of them', async () => {
    const [polling, upgraded] = await Promise.all(
      [['polling'], ['polling', 'websocket']].map(async (transports) => {
        const received = new Map<number, Promise<unknown>>()
        while (received.size < 2) {
          const client = io(url, { transports, forceNew: true })
          clients.push(client)
          if (transports.length > 1) await new Promise((resolve) => client.io.once('open', () => client.io.engine.once('upgrade', resolve)))
          const first = heard(client)
          client.emit('subscribe', 'NewsChannel')
          const { pid } = (await first) as { pid: number }
          received.set(pid, heard(client))
        }
        return [...received.values()]
      }),
    )
    await post('/news/polled')
    const texts = (await Promise.all([...polling!, ...upgraded!])) as { text: string }[]
    expect(texts.map(({ text }) => text)).to.deep.equal(Array.from({ length: 4 }, () => 'polled'))
    for (const client of clients.splice(0)) client.disconnect()
  })

  it('bring each request of a session to the process that has it', async () => {
    for (let sessions = 0; sessions < 4; sessions++) {
      const { sid } = JSON.parse((await poll('GET', '')).slice(1)) as { sid: string }
      expect(await poll('POST', `&sid=${sid}`, '40')).to.equal('ok')
      expect(await poll('GET', `&sid=${sid}`)).to.match(/^40\{"sid":/)
      expect(await poll('POST', `&sid=${sid}`, '1')).to.equal('ok')
    }
  })

  for (const session of ['0123456789abcdef.gone', '../../etc/passwd.x', 'unknown']) {
    it(`know no session ${session}`, async () => {
      for (let asked = 0; asked < 3; asked++) {
        const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${encodeURIComponent(session)}`)
        expect([response.status, await response.json()]).to.deep.equal([400, { code: 1, message: 'Session ID unknown' }])
      }
    })
  }
})

describe('the workers of a server', () => {
  before(start)
  after(stop)

  it('are followed by others when they die, which run their jobs again', async () => {
    const before = new Set([...(await processes()).values()].map(({ pid }) => pid))
    await post('/jobs/die').catch(() => {}) // it may die before its answer has gone
    await command.prints(/Worker \d died \(SIGKILL\)/)
    const [, pid] = await command.prints(/job die in (\d+)/)
    expect(Number(pid)).to.be.greaterThan(0)
    await command.prints(/Worker (\d) died \(SIGKILL\)[\s\S]*Worker \1 is ready/)
    const after = [...(await processes()).values()].map((one) => one.pid)
    expect(after.filter((one) => !before.has(one))).to.have.lengthOf(1)
  })

  it('are replaced by new ones with new code on SIGHUP, while requests are answered', async () => {
    const before = await processes()
    writeFileSync(join(root, 'app/version.ts'), 'export const version = 2\n')
    command.process.kill('SIGHUP')
    let isReplaced = false
    const replaced = command.prints(/The workers have been replaced/).then(() => {
      isReplaced = true
    })
    const statuses = new Set<number>()
    while (!isReplaced) statuses.add((await fetch(`${url}/process`)).status)
    await replaced
    expect([...statuses]).to.deep.equal([200])
    const after = await processes()
    for (const [worker, { pid, version }] of after) expect([version, pid === before.get(worker)!.pid]).to.deep.equal([2, false])
  })

  it('go on when the new code does not boot', async () => {
    const before = await processes()
    const file = join(root, 'app/version.ts')
    const version = readFileSync(file, 'utf8')
    try {
      writeFileSync(file, 'export const version = \n')
      command.process.kill('SIGHUP')
      await command.prints(/The new worker 1 could not start: the old ones go on/)
    } finally {
      writeFileSync(file, version)
    }
    expect((await processes()).get('1')!.pid).to.equal(before.get('1')!.pid)
  })

  it('are followed by others when they end, and all go on answering', async () => {
    const before = await processes()
    await post('/crash').catch(() => {})
    await command.prints(/Worker (\d) died \(status 7\)[\s\S]*Worker \1 is ready/)
    const pids = [...(await processes()).values()].map(({ pid }) => pid)
    const old = [...before.values()].map(({ pid }) => pid)
    expect(pids.filter((pid) => !old.includes(pid))).to.have.lengthOf(1)
  })
})

describe('regauge server with several workers', () => {
  afterEach(end)

  it('waits longer each time before it replaces workers that die again and again', async () => {
    await start()
    for (const [index, delay] of [0, 100, 200].entries()) {
      await command.prints(new RegExp(`(Worker \\d is ready[\\s\\S]*){${2 + index}}`))
      const died = command.prints(new RegExp(`died \\(status 7\\).*restartsIn=${delay}\\b`))
      await post('/crash').catch(() => {})
      await died
    }
  }).timeout(120_000)

  it('listens on a Unix socket together', async () => {
    root = applicationWith(files)
    const path = join(root, 'api.sock')
    command = startRegauge(['server', '--root', root, '--socket', path, '--workers', '2'])
    await command.prints(/application +unix:/)
    const status = await new Promise((resolve, reject) => {
      httpRequest({ socketPath: path, path: '/process' }, (res) => resolve(res.statusCode))
        .once('error', reject)
        .end()
    })
    expect(status).to.equal(200)
    command.process.kill('SIGTERM')
    expect((await command.ended).status).to.equal(0)
  })

  it('says once why an application does not boot', async () => {
    root = applicationWith({ ...files, 'app/version.ts': "export const version = 1\nthrow new Error('out of luck')\n" })
    const { status, stderr } = await regauge(['server', '--root', root, '--port', '0', '--workers', '2'])
    expect(status).to.equal(1)
    expect(stderr.match(/could not be loaded: out of luck/g)).to.have.lengthOf(1)
    expect(stderr).to.include('Worker 1 ended before it could serve.')
  })

  it('refuses what one process would keep from the others', async () => {
    const setting = (line: string) => ({
      ...files,
      'config/application.ts': `import { configure } from 'regauge'\nexport default configure((config) => {\n  ${line}\n})\n`,
    })
    const { status, stderr } = await regauge([
      'server',
      '--root',
      applicationWith(setting("config.session.store = 'memory'")),
      '--workers',
      '2',
    ])
    expect([status, stderr.includes("'cookie', 'database' or 'redis'")], stderr).to.deep.equal([1, true])
  })
})
