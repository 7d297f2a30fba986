import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { numbered, numbersOf, QueueDirectory } from './queue_directory.ts'
import { startQueueProcess } from './queue_process.ts'

describe('the possession of a queue directory', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())
  const lock = () => join(directory.path, 'owner.lock')

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
    await writeFile(lock(), JSON.stringify({ pid: other.pid, startTime: 'another boot/1', host: hostname(), token: 'x' }))
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

  it('is not hindered by a lock that makes no sense', async () => {
    await writeFile(lock(), '')
    await directory.open().add([numbered(1)])
  })

  it('is given up when another process took it while this one was asleep: nothing is written or acknowledged any more', async () => {
    const backend = directory.open()
    await backend.add([numbered(1)])
    await rm(lock())
    const other = directory.open()
    const { now } = Date
    Date.now = () => now() + 60_000
    try {
      const refused = await backend.add([numbered(2)]).catch((error: Error) => error)
      expect(refused).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    } finally {
      Date.now = now
    }
    expect(await backend.add([numbered(3)]).catch((error: Error) => error)).to.have.property('code', 'REGAUGE_QUEUE_CLOSED')
    expect(directory.log.map(({ message }) => message)).to.include(
      'The job queue was taken over by another process; this one stops using it',
    )
    await other.add([numbered(4)])
    await other.close()
    expect(numbersOf(await directory.open().list('waiting'))).to.deep.equal([1, 4])
  })

  it('ends with the queue', async () => {
    await directory.open().close()
    await directory.open().add([numbered(1)])
  })

  it('needs a directory that can be written', async () => {
    await writeFile(join(directory.path, 'file'), '')
    expect(() => directory.open({ directory: join(directory.path, 'file', 'jobs') })).to.throw(/can't be used: ENOTDIR/)
  })
})
