import { spawnSync } from 'node:child_process'
import fs, { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { declarePackage, folderOf, removeFolders, repository } from '../application/folder.ts'
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
    declarePackage(folder)
    const check = spawnSync(join(repository, 'node_modules/.bin/tsc'), ['--noEmit', '-p', root], { encoding: 'utf8' })
    expect([check.status, check.stdout]).to.deep.equal([0, ''])
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

  for (const [what, path, failing, words] of [
    [
      'a file where its folder must be',
      'file',
      'file',
      /a file, or a link to nothing, is in the way \(ENOTDIR\).*Move away what is there/s,
    ],
    ['a file above its folder', 'file/shop', 'file/shop', /a file, or a link to nothing, is in the way \(ENOTDIR\)/],
    ['a link to nothing', 'link', 'link', /a file, or a link to nothing, is in the way \(EEXIST\)/],
    ['links in a circle', 'circle/shop', 'circle', /is in the way \(EEXIST\)/],
    ['a place where no folder can be made', '/proc/shop', '/proc/shop', /no folder can be made there \(ENOENT\).*Choose another folder/s],
    ['a name that is too long', 'a'.repeat(300), 'a'.repeat(300), /its name is too long \(ENAMETOOLONG\).*Choose a shorter name/s],
  ] as const) {
    it(`names the path and says what to do about ${what}`, async () => {
      writeFileSync(join(folder, 'file'), '')
      symlinkSync('nothing', join(folder, 'link'))
      symlinkSync('circle', join(folder, 'circle'))
      const { status, stdout, stderr } = await regaugeHere(['new', path], { cwd: folder })
      expect([status, stdout]).to.deep.equal([1, ''])
      expect(stderr)
        .to.include(`FileNotWritten: ${resolve(folder, failing)} can't be written: `)
        .and.match(words)
        .and.not.include('    at ')
    })
  }

  for (const [code, words] of [
    ['EACCES', /this user may not do that \(EACCES\).*get the right to write to this one/s],
    ['EROFS', /its file system can only be read \(EROFS\).*another file system/s],
    ['ENOSPC', /there is no room left \(ENOSPC\).*Make room, remove what was made/s],
    ['EIO', /the system refused \(EIO\).*Choose another folder/s],
  ] as const) {
    it(`names the path and says what to do about ${code}`, async () => {
      const { writeFileSync: write } = fs
      // What a folder that root may write to never does.
      fs.writeFileSync = (path) => {
        throw Object.assign(new Error(code), { code, errno: -1, syscall: 'open', path })
      }
      syncBuiltinESMExports()
      const outcome = await regaugeHere(['new', 'shop'], { cwd: folder }).finally(() => {
        fs.writeFileSync = write
        syncBuiltinESMExports()
      })
      expect([outcome.status, outcome.stdout]).to.deep.equal([1, ''])
      expect(outcome.stderr)
        .to.include(`FileNotWritten: ${join(folder, 'shop')}/`)
        .and.match(words)
    })
  }

  it('refuses an empty path, which is that of an unset variable', async () => {
    const { status, stderr } = await regaugeHere(['new', ''], { cwd: folder })
    expect(status).to.equal(1)
    expect(stderr).to.include("'' is no name for an application.")
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
