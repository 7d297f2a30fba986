import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, type RunningCommand, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const daemon = (word: string, scope: string, name = 'Feed') => `import { Daemon } from 'regauge'
export class ${name} extends Daemon {
  static { this.scope('${scope}') }
  async perform() {
    process.stdout.write(\`${word} in \${process.pid}\\n\`)
    await this.sleep(3600)
    process.stdout.write(\`end of ${word} in \${process.pid}\\n\`)
  }
}
`

describe('regauge server with daemons', function () {
  this.timeout(240_000)
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('runs them, lists them, and lets them end with SIGTERM', async () => {
    const root = applicationWith({ 'app/daemons/feed.ts': daemon('feed', 'node') })
    const at = ['--root', root, '--json']
    expect(JSON.parse((await regaugeHere(['daemons', ...at])).stdout)).to.deep.equal([{ name: 'Feed', scope: 'node', pid: null }])
    const server = startRegauge(['server', '--port', '0', '--root', root])
    const [, pid] = await server.prints(/feed in (\d+)/)
    expect(JSON.parse((await regaugeHere(['daemons', ...at])).stdout)).to.deep.equal([{ name: 'Feed', scope: 'node', pid: Number(pid) }])
    expect((await regaugeHere(['daemons', '--root', root])).stdout).to.equal(`Feed  node  process ${pid}\n`)
    server.process.kill('SIGTERM')
    const { stdout, status } = await server.ended
    expect(stdout).to.match(/end of feed/)
    expect(status).to.equal(0)
  })

  it('lets one begin again in development when its file has changed', async () => {
    const root = applicationWith({ 'app/daemons/feed.ts': daemon('feed', 'node') })
    const server = startRegauge(['server', '--port', '0', '--root', root])
    await server.prints(/feed in \d+/)
    await server.prints(/Ctrl-C/)
    writeFileSync(join(root, 'app/daemons/feed.ts'), daemon('news', 'node'))
    await server.prints(/end of feed/)
    await server.prints(/^news in \d+/m)
  })
})

describe('regauge server with daemons and several workers', function () {
  this.timeout(240_000)
  let server: RunningCommand
  before(() => {
    const files = { 'app/daemons/feed.ts': daemon('feed', 'node'), 'app/daemons/tick.ts': daemon('tick', 'worker', 'Tick') }
    server = startRegauge(['server', '--port', '0', '--workers', '2', '--root', applicationWith(files)])
  })
  after(() => {
    endCommands()
    removeFolders()
  })

  it('runs one of the scope node in one worker, and in another when that is killed', async () => {
    const [, first] = await server.prints(/feed in (\d+)/)
    await server.prints(/in 2 processes/)
    process.kill(Number(first), 'SIGKILL')
    const [, second] = await server.prints(new RegExp(`feed in (?!${first}\\b)(\\d+)`))
    expect(second).not.to.equal(first)
  })

  it('runs one of the scope worker in each', async () => {
    const [, first] = await server.prints(/tick in (\d+)/)
    await server.prints(new RegExp(`tick in (?!${first}\\b)(\\d+)`))
  })
})
