import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, folderOf, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

describe('Commands that list and look', () => {
  afterEach(removeFolders)

  for (const [words, expected] of [
    [['routes', '--grep', '['], '--grep'],
    [['routes', '--controller', ''], 'A name is expected.'],
    [['routes', '--types', '--out', ''], 'A name is expected.'],
    [['callbacks', ''], 'A name is expected.'],
    [['callbacks', 'articles', '--action', ''], 'A name is expected.'],
    [['jobs', 'show', ''], 'A name is expected.'],
    [['jobs', 'retry', '1', ''], 'A name is expected.'],
    [['jobs', 'discard', ''], 'A name is expected.'],
  ] as const) {
    it(`refuse ${words.map((word) => (word === '' ? "''" : word)).join(' ')}, with exit status 2`, async () => {
      const root = applicationWith({})
      const { status, stdout, stderr } = await regaugeHere([...words, '--root', root])
      expect([status, stdout]).to.deep.equal([2, ''])
      expect(stderr).to.include(expected).and.include('--help').and.not.include('    at ')
      expect(existsSync(join(root, 'storage'))).to.equal(false)
    })
  }

  for (const words of [
    ['callbacks', 'articles'],
    ['callbacks', 'Article'],
    ['daemons'],
    ['events'],
    ['jobs'],
    ['middleware'],
    ['routes'],
    ['schedules'],
  ]) {
    it(`say of ${words.join(' ')} that there is no application, and leave the folder as it is`, async () => {
      const folder = folderOf()
      const { status, stdout, stderr } = await regaugeHere([...words, '--root', folder])
      expect([status, stdout]).to.deep.equal([1, ''])
      expect(stderr).to.include('There is no application in ')
      for (const made of ['tmp', 'storage']) expect(existsSync(join(folder, made))).to.equal(false)
    })
  }
})
