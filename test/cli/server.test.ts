import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { request } from 'node:http'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, type RunningCommand, startRegauge } from './command.ts'

const gate = `import { connect } from 'node:net'

/** Resolves when the other end closes the connection. */
export const pass = (who: string) =>
  new Promise<void>((resolve) => {
    const socket = connect(Number(process.env['GATE']), '127.0.0.1', () => socket.write(who))
    socket.resume().once('close', () => resolve())
  })
`
const controller = `import { Controller } from 'regauge'
import { SlowJob } from '../jobs/slow_job.ts'
import { pass } from '../gate.ts'

export class SlowController extends Controller {
  async show() {
    await SlowJob.performLater()
    await pass('request')
    this.render({ json: { done: true } })
  }

  fail() {
    throw new Error('out of luck')
  }

  forget() {
    Promise.reject(new Error('nobody awaits me'))
    this.render({ json: { done: true } })
  }
}
`
const job = `import { Job } from 'regauge'
import { pass } from '../gate.ts'

export class SlowJob extends Job {
  async perform() {
    await pass('job')
    process.stdout.write('the job is done\\n')
  }
}
`
const routes = `import { draw } from 'regauge'

export default draw(({ get }) => {
  get('slow', { to: 'slow#show' })
  get('fail/:token', { to: 'slow#fail' })
  get('forget', { to: 'slow#forget' })
})
`
const settings = `import { configure } from 'regauge'

export default configure((config) => {
  config.http.shutdownTimeout = Number(process.env['BOUND'] ?? 25_000)
})
`
const files = {
  'config/application.ts': settings,
  'app/gate.ts': gate,
  'app/controllers/slow_controller.ts': controller,
  'app/jobs/slow_job.ts': job,
  'config/routes.ts': routes,
}

describe('regauge server', () => {
  let waiting: Map<string, Socket>
  let server: Server
  let bothWait: Promise<void>
  let command: RunningCommand
  let url: string

  const start = async (env: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo
    command = startRegauge(['server', '--root', applicationWith(files), '--port', '0', '--host', '127.0.0.1'], {
      env: { GATE: String(port), ...env },
    })
    url = (await command.prints(/application +(http:\/\/127\.0\.0\.1:\d+)\//))[1]!
  }

  beforeEach(async () => {
    waiting = new Map()
    bothWait = new Promise((resolve) => {
      server = createServer((socket) => {
        socket.once('error', () => {})
        socket.setEncoding('utf8').once('data', (who) => {
          waiting.set(String(who), socket)
          if (waiting.size === 2) resolve()
        })
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    endCommands()
    for (const socket of waiting.values()) socket.destroy()
    server.close()
    removeFolders()
  })

  it('finishes a request and a job that run when it is told to stop, and exits with 0', async () => {
    await start()
    const response = get(`${url}/slow`)
    await bothWait
    command.process.kill('SIGTERM')
    await command.prints(/SIGTERM: finishing what runs/)
    for (const socket of waiting.values()) socket.end()
    expect(await response).to.deep.equal({ status: 200, body: '{"done":true}' })
    const { status, stdout, stderr } = await command.ended
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
    expect(stdout).to.include('the job is done')
  })

  it('exits at once when it is told so a second time', async () => {
    await start()
    const response = get(`${url}/slow`).catch((error: Error) => error)
    await bothWait
    command.process.kill('SIGINT')
    await command.prints(/SIGINT: finishing what runs/)
    command.process.kill('SIGINT')
    expect((await command.ended).status).to.equal(1)
    expect(await response).to.be.an('error')
  })

  it('waits no longer than the bound, and exits with 0 though a request and a job still run', async () => {
    await start({ BOUND: '100' })
    const response = get(`${url}/slow`).catch((error: Error) => error)
    await bothWait
    command.process.kill('SIGTERM')
    const { status, stdout } = await command.ended
    expect(status).to.equal(0)
    expect(stdout).to.not.include('the job is done')
    expect(stdout).to.match(/WARN {2}Jobs that don't end are cut off, and run again: \w+ \(1\) unfinished=1\n/)
    expect(await response).to.be.an('error')
  })

  it('writes nothing but JSON in production, where it starts too', async () => {
    const { port } = server.address() as AddressInfo
    command = startRegauge(['server', '--root', applicationWith(files), '--port', '0', '--host', '127.0.0.1'], {
      env: { GATE: String(port), NODE_ENV: 'production', SECRET_KEY_BASE: 'a'.repeat(128) },
    })
    const [, address] = await command.prints(/"url":"(http:[^"]+)"/)
    expect(await get(`${address}/fail/abc`)).to.deep.equal({ status: 500, body: '{"status":500,"error":"Internal Server Error"}' })
    command.process.kill('SIGTERM')
    const { status, stdout } = await command.ended
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(status).to.equal(0)
    expect(lines.slice(1).map(({ level, message }) => `${level} ${message}`)).to.deep.equal([
      'error out of luck',
      'info GET /fail/abc 500',
      'info SIGTERM: finishing what runs',
    ])
    expect(lines[0]!['message']).to.match(/^regauge \S+: \S+ \(production\) after \d+ ms$/)
  })

  it('writes one readable line a request, with its parameters filtered, and an error once with its stack', async () => {
    await start()
    await get(`${url}/fail/abc?page=2&password=hunter2`)
    await get(`${url}/nowhere`)
    await command.prints(/GET \/nowhere 404/)
    command.process.kill('SIGTERM')
    const { stdout } = await command.ended
    const lines = stdout.split('\n').filter((line) => /^\d\d:/.test(line))
    expect(lines[0]).to.match(/ERROR out of luck/)
    expect(lines[1]).to.match(
      /INFO {2}GET \/fail\/abc 500 in \d+\.\d ms slow#fail params=\{"page":"2","password":"\[FILTERED\]","token":"\[FILTERED\]"\}$/,
    )
    expect(lines[2]).to.match(/INFO {2}GET \/nowhere 404 in \d+\.\d ms \(RouteNotFound: No route matches \[GET\] "\/nowhere"\)$/)
    expect(stdout.match(/Error: out of luck/g)).to.have.lengthOf(1)
    expect(stdout).to.match(/^ {2,}at \S*fail .*app\/controllers\/slow_controller\.ts:13/m)
  })
})

describe('regauge server, asked again and again', () => {
  let command: RunningCommand
  let url: string

  before(async () => {
    command = startRegauge(['server', '--root', applicationWith(files), '--port', '0', '--host', '127.0.0.1'])
    url = (await command.prints(/application +(http:\/\/127\.0\.0\.1:\d+)\//))[1]!
  })
  after(async () => {
    command.process.kill('SIGTERM')
    const { status } = await command.ended
    removeFolders()
    expect(status).to.equal(0)
  })

  it('says where to look, and answers there', async () => {
    const [banner] = await command.prints(/regauge [\s\S]*\/docs\n/)
    expect(banner)
      .to.match(/^regauge \S+: \S+ \(development\) after \d+ ms, stop with Ctrl-C\n/)
      .and.include(`documentation  ${url}/docs`)
    expect((await fetch(`${url}/`)).status).to.equal(200)
    expect(((await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }).paths).to.have.property('/slow')
  })

  it('logs a promise that an action forgot to await, and goes on for everybody else', async () => {
    expect((await fetch(`${url}/forget`)).status).to.equal(200)
    await command.prints(/A promise failed that nobody awaited[\s\S]*nobody awaits me/)
    expect((await fetch(`${url}/`)).status).to.equal(200)
  })
})

function get(url: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.once('end', () => resolve({ status: response.statusCode, body })).once('error', reject)
    })
      .once('error', reject)
      .end()
  })
}
