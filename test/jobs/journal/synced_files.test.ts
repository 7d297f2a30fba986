import fs from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'

describe('the files of the job queue', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it('are not deleted with durability interval before what takes their place is on the disk', async () => {
    const backend = directory.open({ durability: 'interval', segmentBytes: 4096 })
    const { open: openFile, fdatasync, unlink } = fs
    const names = new Map<number, string>()
    const events: string[] = []
    fs.open = ((path: string, flags: string, done: (error: Error | null, file: number) => void) =>
      openFile(path, flags, (error, file) => {
        names.set(file, basename(path))
        done(error, file)
      })) as typeof fs.open
    fs.fdatasync = ((file: number, done: () => void) => {
      events.push(`sync ${names.get(file)}`)
      fdatasync(file, done)
    }) as typeof fs.fdatasync
    fs.unlink = ((path: string, done: () => void) => {
      events.push(`delete ${basename(path)}`)
      unlink(path, done)
    }) as typeof fs.unlink
    try {
      await backend.add(Array.from({ length: 50 }, (_, number) => numbered(number)))
      while (!events.some((event) => event.startsWith('delete'))) {
        await backend.remove(idsOf(await backend.add(Array.from({ length: 50 }, () => numbered(-1)))))
      }
    } finally {
      Object.assign(fs, { open: openFile, fdatasync, unlink })
    }
    const firstDeleted = events.findIndex((event) => event.startsWith('delete'))
    const synced = events.slice(0, firstDeleted)
    // What is deleted, when it was followed by the next; and what was written since the snapshot began.
    expect(synced).to.include(events[firstDeleted]!.replace('delete', 'sync'))
    await backend.close()
    const [oldestKept] = await directory.journals()
    expect(synced).to.include(`sync ${oldestKept}`)
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([...Array(50).keys()])
  })

  it('are in a directory that is on the disk, with those that it was made in', async () => {
    const { openSync, fsyncSync } = fs
    const names = new Map<number, string>()
    const synced: string[] = []
    fs.openSync = (path, ...more) => {
      const file = openSync(path, ...more)
      names.set(file, String(path))
      return file
    }
    fs.fsyncSync = (file) => {
      synced.push(names.get(file)!)
      fsyncSync(file)
    }
    try {
      const backend = directory.open({ directory: join(directory.path, 'storage', 'jobs') })
      await backend.add([numbered(1)])
    } finally {
      Object.assign(fs, { openSync, fsyncSync })
    }
    expect(synced).to.include.members([directory.path, join(directory.path, 'storage'), join(directory.path, 'storage', 'jobs')])
  })
})
