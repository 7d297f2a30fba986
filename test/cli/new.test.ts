import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { folderOf, removeFolders, repository } from '../application/folder.ts'
import { endCommands, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge new', () => {
  let folder: string

  beforeEach(() => {
    folder = folderOf()
  })
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('makes an application that serves what it says', async () => {
    const made = await regaugeHere(['new', 'shop'], { cwd: folder })
    expect(made).to.include({ status: 0, stderr: '' })
    expect(made.stdout).to.include('  create  shop/config/routes.ts\n').and.include('Now: cd shop && npm install && npm start')
    const root = join(folder, 'shop')
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    expect(scripts['start']).to.equal('regauge db:push && exec regauge server')
    expect(await regaugeHere(['db:push'], { cwd: root })).to.include({ status: 0, stderr: '' })
    const server = startRegauge(['server', '-p', '0', '--host', '127.0.0.1'], { cwd: root })
    const [, url] = await server.prints(/application +(http:\S+)\//)
    expect(await (await fetch(`${url}/up`)).json()).to.deep.equal({ status: 'up' })
    expect(await (await fetch(`${url}/`)).text()).to.include('<h1>shop</h1>')
    server.process.kill('SIGTERM')
    expect(await server.ended).to.include({ status: 0, stderr: '' })
  })

  it('makes one whose own tests pass and whose types are right', async () => {
    await regaugeHere(['new', 'shop'], { cwd: folder })
    const root = join(folder, 'shop')
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    const { NODE_ENV: _, ...env } = process.env
    const test = spawnSync('sh', ['-c', scripts['test']!], { cwd: root, encoding: 'utf8', env })
    expect(test.status, test.stdout + test.stderr).to.equal(0)
    expect(test.stdout)
      .to.match(/is up/)
      .and.match(/pass 1\n/)
    const words = ['--noEmit', '-p', root, '--customConditions', 'regauge-source']
    const check = spawnSync(join(repository, 'node_modules/.bin/tsc'), words, { encoding: 'utf8' })
    expect(check.stdout).to.equal('')
  })

  it('refuses a folder with something in it, and writes nothing', async () => {
    mkdirSync(join(folder, 'shop'))
    symlinkSync(repository, join(folder, 'shop', 'something'))
    const { status, stderr } = await regaugeHere(['new', 'shop'], { cwd: folder })
    expect(status).to.equal(1)
    expect(stderr).to.include('shop exists already and is not empty.')
    expect(existsSync(join(folder, 'shop', 'package.json'))).to.equal(false)
  })

  it('refuses a name that cannot be one', async () => {
    const { status, stderr } = await regaugeHere(['new', '42 shops'], { cwd: folder })
    expect(status).to.equal(1)
    expect(stderr).to.include("'42 shops' is no name for an application.")
    expect(existsSync(join(folder, '42 shops'))).to.equal(false)
  })

  it('asks for the version of the package that made it, or for another one', async () => {
    await Promise.all([
      regaugeHere(['new', 'shop'], { cwd: folder }),
      regaugeHere(['new', 'stall', '--regauge', 'file:../regauge.tgz'], { cwd: folder }),
    ])
    const asked = (name: string) =>
      (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { dependencies: { regauge: string } }).dependencies.regauge
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
    expect([asked('shop'), asked('stall')]).to.deep.equal([`^${version}`, 'file:../regauge.tgz'])
  })
})
