import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, folderOf, removeFolders, repository } from '../application/folder.ts'
import { endCommands, main, regauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const commands = [
  'console',
  'db:diff',
  'db:generate',
  'db:migrate',
  'db:push',
  'db:reset',
  'db:seed',
  'db:status',
  'new',
  'port',
  'routes',
  'server',
  'version',
]
const conduit = 'guides/conduit/api'

describe('the command line', () => {
  afterEach(endCommands)
  after(removeFolders)

  it('lists the commands when asked for help, and without any word', async () => {
    for (const outcome of await Promise.all([regaugeHere(['--help']), regaugeHere([])])) {
      expect(outcome.status).to.equal(0)
      for (const command of commands) expect(outcome.stdout).to.match(new RegExp(`^ {2}${command}[| ]`, 'm'))
    }
  })

  it('explains each command with --help', async () => {
    const outcomes = await Promise.all(commands.map((command) => regaugeHere([command, '--help'])))
    for (const [index, command] of commands.entries()) {
      expect(outcomes[index], command).to.include({ status: 0, stderr: '' })
      expect(outcomes[index]!.stdout).to.match(new RegExp(`^Usage: regauge ${command}`))
    }
  })

  it('suggests a command for one that is mistyped, with exit status 2', async () => {
    const { status, stdout, stderr } = await regaugeHere(['sever'])
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' })
    expect(stderr).to.include("unknown command 'sever'").and.include('Did you mean server?')
  })

  it('suggests an option for one that is mistyped, with exit status 2', async () => {
    const { status, stderr } = await regaugeHere(['routes', '--rot', conduit])
    expect(status).to.equal(2)
    expect(stderr).to.include("unknown option '--rot'").and.include('Did you mean --root?').and.include('regauge routes --help')
  })

  it('names an argument that is missing and a value that cannot be, with exit status 2', async () => {
    const [missing, value, choice] = await Promise.all([
      regaugeHere(['new']),
      regaugeHere(['server', '--port', '70000']),
      regaugeHere(['port', 'rotes', '.']),
    ])
    expect([missing.status, value.status, choice.status]).to.deep.equal([2, 2, 2])
    expect(missing.stderr).to.include("missing required argument 'path'")
    expect(value.stderr).to.include('A port is a whole number from 0 to 65535.')
    expect(choice.stderr).to.include("'rotes' can't be ported; routes, schema, models or all can.")
  })

  it('prints its version and that of Node.js, as JSON when asked', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
    const [text, json, short] = await Promise.all([regaugeHere(['version']), regaugeHere(['version', '--json']), regauge(['--version'])])
    expect(text.stdout).to.equal(`regauge ${version} on Node.js ${process.versions.node}\n`)
    expect(JSON.parse(json.stdout)).to.deep.equal({ regauge: version, node: process.versions.node })
    expect(short.stdout).to.equal(`${version}\n`)
  })

  it('lists the routes as text and as JSON', async () => {
    const [text, json] = await Promise.all([
      regaugeHere(['routes', '--root', conduit]),
      regaugeHere(['routes', '--root', conduit, '--json']),
    ])
    expect(text.stdout)
      .to.match(/Prefix +Verb +URI Pattern +Controller#Action/)
      .and.match(/GET +\/api\/articles\/:slug\(\.:format\) +articles#show/)
    const rows = JSON.parse(json.stdout) as Record<string, unknown>[]
    expect(rows.find(({ path, verb }) => path === '/api/articles/:slug(.:format)' && verb === 'GET')).to.not.equal(undefined)
    expect([text.status, json.status, text.stderr, json.stderr]).to.deep.equal([0, 0, '', ''])
  })

  it('narrows the routes by controller and by expression', async () => {
    const [controller, expression] = await Promise.all([
      regaugeHere(['routes', '--root', conduit, '-c', 'tags']),
      regaugeHere(['routes', '--root', conduit, '-g', 'favorite']),
    ])
    expect(controller.stdout).to.include('tags#index').and.not.include('articles#')
    expect(expression.stdout).to.include('/favorite').and.not.include('/api/tags')
  })

  it('writes no colours into a pipe, nor when NO_COLOR is set', async () => {
    const folder = folderOf()
    const outcomes = await Promise.all([
      regauge(['routes', '--root', folder]),
      regauge(['sever'], { env: { NO_COLOR: '1' } }),
      regauge(['--help']),
    ])
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).to.not.include('\u001b')
  })

  it('ends without a word when the reader of its output has gone', () => {
    const many =
      "import { draw } from 'regauge'\nexport default draw(({ resources }) => { for (let i = 0; i < 99; i++) resources(`things_${i}`) })\n"
    const root = applicationWith({ 'config/routes.ts': many })
    const command = `"${process.execPath}" "${main}" routes --root "${root}" --json | head -c 0`
    const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
  })

  it('says that what it writes to is full, with exit status 1', () => {
    const command = `"${process.execPath}" "${main}" routes --root "${applicationWith({})}" > /dev/full`
    const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
    expect({ status, stderr }).to.deep.equal({ status: 1, stderr: 'ENOSPC: no space left on device, write\n' })
  })

  it('says that there is no application in a folder, with exit status 1', async () => {
    const folder = folderOf()
    for (const command of ['routes', 'server', 'console', 'db:push']) {
      const { status, stdout, stderr } = await regaugeHere([command, '--root', folder])
      expect({ status, stdout }, command).to.deep.equal({ status: 1, stdout: '' })
      expect(stderr, command).to.include(basename(folder)).and.not.include('    at ')
    }
  })

  it('loads the application inside of its commands only, so that help and version are quick', () => {
    const files = readdirSync(join(repository, 'src/cli'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const eager = files.filter((file) =>
      /^import (?!type ).*\/(application|index|migrations)\/index\.ts'/m.test(readFileSync(join(repository, 'src/cli', file), 'utf8')),
    )
    expect(eager).to.deep.equal([])
  })
})
