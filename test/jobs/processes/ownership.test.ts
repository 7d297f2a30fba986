import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { QueueOwned, QueueUnreadable } from '../../../src/jobs/errors.ts'
import { pidSpace } from '../../../src/jobs/journal/process_identity.ts'
import { later } from '../../clock.ts'
import { numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'
import { startQueueProcess } from './queue_process.ts'

describe('the possession of a queue directory', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())
  const lock = () => join(directory.path, 'owner.lock')
  const dead = { pid: 99_999_999, startTime: '', host: hostname(), space: pidSpace, token: 'x' }

  it('is refused while another process has it, with the process named', async () => {
    const child = await startQueueProcess(directory.path)
    expect(() => directory.open()).to.throw(`The job queue in ${directory.path} is in use by process ${child.pid} on ${hostname()}.`)
    child.kill('SIGKILL')
    await once(child.process, 'exit')
  })

  it('is refused within one process, too', () => {
    directory.open()
    expect(() => directory.open()).to.throw(/is in use by process/)
  })

  it('passes on at once when the owner was killed', async () => {
    const child = await startQueueProcess(directory.path)
    await child.add(1)
    child.kill('SIGKILL')
    await once(child.process, 'exit')
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1])
  })

  it('passes on when the pid was given to another process', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await writeFile(lock(), JSON.stringify({ ...dead, pid: other.pid, startTime: 'another boot/1' }))
    if (process.platform === 'linux') directory.open()
    other.kill()
    expect(JSON.parse(await readFile(lock(), 'utf8'))).to.have.property('pid', process.platform === 'linux' ? process.pid : other.pid)
  })

  it('is respected on another host while its lock is fresh, and passes on when it is silent', async () => {
    await writeFile(lock(), JSON.stringify({ pid: 1, startTime: '', host: 'elsewhere', token: 'x' }))
    expect(() => directory.open()).to.throw(/process 1 on elsewhere/)
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(lock(), longAgo, longAgo)
    await directory.open().add([numbered(1)])
  })

  const unseen: Readonly<Record<string, object>> = {
    'a process of another container with the same host name': {
      ...dead,
      pid: process.pid,
      startTime: 'this boot/1',
      space: 'this boot/pid:[1]',
    },
    'a process of another container whose pid nobody has here': { ...dead, space: 'this boot/pid:[1]' },
    'a process of a version that said nothing of containers': { ...dead, space: undefined },
  }
  for (const [what, owner] of Object.entries(unseen))
    it(`is respected while its lock is fresh, says so, and passes on when it is silent: that of ${what}`, async function () {
      if (process.platform !== 'linux') this.skip() // there are no such containers elsewhere
      await writeFile(lock(), JSON.stringify(owner))
      expect(() => directory.open())
        .to.throw(QueueOwned)
        .with.property('hint')
        .that.matches(/can not be seen from here: it counts as gone when it has not refreshed its lock for 20 seconds/)
      await later(15, async () => expect(() => directory.open()).to.throw(QueueOwned))
      await later(21, () => directory.open().add([numbered(1)]))
    })

  describe('whose lock another host left with a date of the future', () => {
    const until = async (seconds: number) => {
      const time = new Date(Date.now() + seconds * 1000)
      await utimes(lock(), time, time)
    }
    const year = 365 * 24 * 3600
    beforeEach(() => writeFile(lock(), JSON.stringify({ pid: 1, startTime: '', host: 'elsewhere', token: 'x' })))

    it('passes on when nobody has refreshed that since it was found', async () => {
      await until(year)
      expect(() => directory.open()).to.throw(/process 1 on elsewhere/)
      await later(10, async () => expect(() => directory.open()).to.throw(/process 1 on elsewhere/))
      await later(30, () => directory.open().add([numbered(1)]))
    })

    it('is respected while somebody refreshes that, however wrong his clock is', async () => {
      for (const seconds of [0, 30, 60]) {
        await until(year)
        await later(seconds, async () => expect(() => directory.open()).to.throw(/process 1 on elsewhere/))
      }
    })

    it('is respected where the clocks differ by little', async () => {
      await until(15)
      const { mtimeMs } = await stat(lock())
      await later(30, async () => expect(() => directory.open()).to.throw(/process 1 on elsewhere/))
      expect((await stat(lock())).mtimeMs).to.equal(mtimeMs)
      await later(40, () => directory.open().add([numbered(1)]))
    })
  })

  it('is not hindered by a lock that makes no sense', async () => {
    await writeFile(lock(), '')
    await directory.open().add([numbered(1)])
  })

  const senseless: Readonly<Record<string, string>> = {
    null: 'null',
    'a list': '[1]',
    'a token that is no text': JSON.stringify({ ...dead, token: 1 }),
    'a token that is a path': JSON.stringify({ ...dead, token: '../x' }),
    'a token that is too long for a name': JSON.stringify({ ...dead, token: 'x'.repeat(5000) }),
    'a pid that is a text': JSON.stringify({ ...dead, pid: 'x' }),
    'the pid of all processes': JSON.stringify({ ...dead, pid: -1 }),
    'a host that is an object': JSON.stringify({ ...dead, host: {} }),
    'a start that is an object': JSON.stringify({ ...dead, pid: process.pid, startTime: {} }),
    'a space that is an object': JSON.stringify({ ...dead, space: {} }),
    'what is nested without end': '['.repeat(1_000_000),
  }
  for (const [what, text] of Object.entries(senseless))
    it(`is not hindered by a lock with ${what}`, async () => {
      await writeFile(lock(), text)
      await directory.open().add([numbered(1)])
    })

  it('is not hindered by a lock that is larger than memory', async () => {
    await writeFile(lock(), '')
    await truncate(lock(), 3 * 2 ** 30)
    await directory.open().add([numbered(1)])
  })

  it('ends its search among locks that succeed each other in a circle', async () => {
    await writeFile(lock(), JSON.stringify(dead))
    await writeFile(`${lock()}.after.x`, JSON.stringify({ ...dead, token: 'y' }))
    await writeFile(`${lock()}.after.y`, JSON.stringify(dead))
    await directory.open().add([numbered(1)])
    expect((await readdir(directory.path)).filter((name) => name.includes('.after.'))).to.deep.equal([])
  })

  const none: Readonly<Record<string, () => unknown>> = {
    'a folder': () => mkdir(lock()),
    'a link to nowhere': () => symlink('/nowhere/at/all', lock()),
    'a link to what never ends': () => symlink('/dev/zero', lock()),
    'a pipe that nobody writes to': () => execFileSync('mkfifo', [lock()]),
  }
  for (const [what, make] of Object.entries(none))
    it(`is refused where the lock is ${what}`, async () => {
      await make()
      expect(() => directory.open()).to.throw(QueueUnreadable, 'owner.lock')
    })

  it('is given up when another process took it while this one was asleep: nothing is written or acknowledged any more', async () => {
    const backend = directory.open()
    await backend.add([numbered(1)])
    await rm(lock())
    const other = directory.open()
    const refused = await later(60, () => backend.add([numbered(2)]).catch((error: Error) => error))
    expect(refused).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    expect(await backend.add([numbered(3)]).catch((error: Error) => error)).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    expect(directory.log.map(({ message }) => message)).to.include(
      'The job queue was taken over by another process; this one stops using it',
    )
    await other.add([numbered(4)])
    await other.close()
    expect(openFilesIn(directory.path)).to.deep.equal([])
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 4])
  })

  /** What this process has open there, where the system says so. */
  function openFilesIn(path: string): string[] {
    if (process.platform !== 'linux') return []
    const descriptors = fs.readdirSync('/proc/self/fd').map((name) => join('/proc/self/fd', name))
    return descriptors.flatMap((name) => (fs.existsSync(name) ? fs.readlinkSync(name) : [])).filter((file) => file.startsWith(path))
  }

  it('is not given up while the process has no file descriptor left to look at its lock with', async () => {
    const backend = directory.open()
    await backend.add([numbered(1)])
    const { openSync } = fs
    fs.openSync = (): number => {
      throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
    }
    try {
      await later(30, () => backend.add([numbered(2)]))
    } finally {
      fs.openSync = openSync
    }
    await later(60, () => backend.add([numbered(3)]))
    expect(numbersOf(await backend.list('waiting'))).to.deep.equal([1, 2, 3])
    expect(directory.log).to.deep.equal([])
  })

  it('ends with the queue', async () => {
    await directory.open().close()
    await directory.open().add([numbered(1)])
  })

  it('needs a directory that can be written', async () => {
    await writeFile(join(directory.path, 'file'), '')
    expect(() => directory.open({ directory: join(directory.path, 'file', 'jobs') })).to.throw(/can't be used: ENOTDIR/)
  })

  it('needs a disk with room for its lock, and leaves nothing behind where there is none', async () => {
    const { writeFileSync } = fs
    fs.writeFileSync = (path) => {
      writeFileSync(path, '')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    try {
      expect(() => directory.open()).to.throw(/directory .* can't be used: ENOSPC: no space left on device, write$/)
    } finally {
      fs.writeFileSync = writeFileSync
    }
    expect(await readdir(directory.path)).to.deep.equal([])
  })
})
