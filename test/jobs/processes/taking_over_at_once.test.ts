import fs from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Ownership } from '../../../src/jobs/journal/index.ts'
import { pidSpace } from '../../../src/jobs/journal/process_identity.ts'
import { QueueDirectory } from '../queue_directory.ts'

const watched = ['linkSync', 'renameSync', 'rmSync', 'readFileSync', 'existsSync', 'statSync', 'readdirSync', 'writeFileSync'] as const
const nobody = 2 ** 22 + 1 // beyond the highest pid that Linux gives

/** Does something before some of the steps in which `work` uses the file system.
 * @returns how many steps there were */
function interrupted(steps: ReadonlyMap<number, () => void>, work: () => void): number {
  const originals = watched.map((name) => fs[name] as (...args: unknown[]) => unknown)
  let step = 0
  let isInside = false
  watched.forEach((name, index) => {
    Object.assign(fs, {
      [name](...args: unknown[]) {
        if (!isInside) {
          isInside = true
          try {
            steps.get(step++)?.()
          } finally {
            isInside = false
          }
        }
        return originals[index]!(...args)
      },
    })
  })
  try {
    work()
  } finally {
    Object.assign(fs, Object.fromEntries(watched.map((name, index) => [name, originals[index]])))
  }
  return step
}

describe('the possession of a queue whose owner has died', () => {
  let directory: QueueDirectory
  let owners: Ownership[] = []
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const acquire = () => {
    try {
      owners.push(Ownership.acquire(directory.path, () => {}))
    } catch (error) {
      if ((error as { code?: string }).code !== 'REGAUGE_QUEUE_OWNED') throw error
    }
  }
  const leaveByDead = async () => {
    for (const owner of owners) owner.release()
    owners = []
    const dead = { pid: nobody, startTime: 'another boot/1', host: hostname(), space: pidSpace, token: String(Math.random()) }
    await writeFile(join(directory.path, 'owner.lock'), JSON.stringify(dead))
  }
  const expectOneOwner = (when: string) => {
    expect(owners.length, when).to.equal(1)
    const lock = JSON.parse(fs.readFileSync(join(directory.path, 'owner.lock'), 'utf8')) as { pid: number }
    expect(lock.pid, when).to.equal(process.pid)
    acquire()
    expect(owners.length, `${when}, and later`).to.equal(1)
  }

  it('goes to one of three that want it, whenever they come', async () => {
    const acquireTwice = () => {
      acquire()
      acquire()
    }
    await leaveByDead()
    const steps = interrupted(new Map(), acquire) + 5
    for (let first = 0; first < steps; first++) {
      for (let second = first; second < steps; second++) {
        await leaveByDead()
        interrupted(second === first ? new Map([[first, acquireTwice]]) : new Map([first, second].map((step) => [step, acquire])), acquire)
        expectOneOwner(`before steps ${first} and ${second}`)
      }
    }
  })

  it('goes to the next one when who takes it over dies meanwhile', async () => {
    const { pid } = process
    const die = () => {
      throw new Error('killed')
    }
    await leaveByDead()
    const steps = interrupted(new Map(), acquire)
    for (let step = 0; step < steps; step++) {
      await leaveByDead()
      Object.defineProperty(process, 'pid', { value: nobody - 1, configurable: true })
      try {
        interrupted(new Map([[step, die]]), acquire)
      } catch (error) {
        expect(error)
          .to.have.property('message')
          .that.matches(/killed$/)
      } finally {
        Object.defineProperty(process, 'pid', { value: pid, configurable: true })
      }
      owners = []
      acquire()
      expectOneOwner(`after a death before step ${step}`)
    }
    expect(fs.readdirSync(directory.path).filter((name) => name.includes('.after.'))).to.deep.equal([])
  })
})
