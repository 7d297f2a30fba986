import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { currentExecution } from '../../src/context/index.ts'
import { Daemon, type DaemonClass, Daemons, type DaemonsOptions, MachineLeases } from '../../src/daemons/index.ts'
import { reporter } from '../../src/errors/reporter.ts'
import { subscribe, unsubscribe } from '../../src/notifications/index.ts'
import { days } from '../../src/values/index.ts'
import { collectingLogger } from '../jobs/queue_directory.ts'

describe('daemons', () => {
  const log: Parameters<typeof collectingLogger>[0] = []
  const logger = collectingLogger(log)
  let told: EventEmitter
  let directory: string
  const open: Daemons[] = []
  beforeEach(async () => {
    log.splice(0)
    told = new EventEmitter()
    directory = await mkdtemp(join(tmpdir(), 'regauge-daemons-'))
  })
  afterEach(async () => {
    for (const daemons of open.splice(0)) await daemons.stop()
    await rm(directory, { recursive: true })
  })

  function daemonsWith(options: Partial<DaemonsOptions> = {}): Daemons {
    const leases = new MachineLeases(directory)
    const daemons = new Daemons({ leases, logger, leaseInterval: 0.005, backoff: { first: 0.001, longest: 0.002 }, ...options })
    open.push(daemons)
    return daemons
  }
  const when = (event: string) => once(told, event)

  /** A daemon that tells of each run and waits for its end. */
  function patient(scope: 'node' | 'worker' = 'node'): DaemonClass {
    return class Patient extends Daemon {
      static {
        this.scope(scope)
      }
      async perform() {
        told.emit('run')
        await this.sleep(3600)
        told.emit('end')
      }
    }
  }

  it('run until the process ends, and end when they are told to', async () => {
    const daemons = daemonsWith()
    const ran = when('run')
    await daemons.start(patient())
    await ran
    expect(daemons.list()).to.have.lengthOf(1)
    expect(daemons.list()[0]).to.deep.include({ name: 'Patient', scope: 'node', state: 'running', restarts: 0, error: undefined })
    const ended = when('end')
    expect(await daemons.stop()).to.deep.equal([])
    await ended
    expect(daemons.list()[0]!.state).to.equal('stopped')
    expect(log).to.deep.equal([])
  })

  it('are named when they do not end in time', async () => {
    let release = () => {}
    class Stubborn extends Daemon {
      async perform() {
        told.emit('run')
        await new Promise<void>((resolve) => (release = resolve))
      }
    }
    const daemons = daemonsWith()
    const ran = when('run')
    await daemons.start(Stubborn)
    await ran
    expect(await daemons.stop({ timeout: 1 })).to.deep.equal(['Stubborn'])
    release()
  })

  it('begin again as new instances when they return or fail, and clean up after each run', async () => {
    const seen: string[] = []
    class Restless extends Daemon {
      static runs = 0
      number = 0
      async perform() {
        this.number = ++Restless.runs
        seen.push(`run ${this.number}`)
        if (this.number === 2) throw new TypeError('broken')
        return this.number === 3 ? Daemon.Stop : undefined
      }
      override cleanup() {
        seen.push(`clean ${this.number}`)
        if (this.number === 3) told.emit('done')
      }
    }
    const done = when('done')
    const daemons = daemonsWith()
    await daemons.start(Restless)
    await done
    await daemons.stop()
    expect(seen).to.deep.equal(['run 1', 'clean 1', 'run 2', 'clean 2', 'run 3', 'clean 3'])
    expect(log.map(({ level, message }) => [level, message])).to.deep.equal([
      ['warn', 'Daemon exited, restarting...'],
      ['error', 'Daemon failed with exception: TypeError (broken)'],
    ])
    expect(daemons.list()[0]).to.include({ state: 'stopped', restarts: 2 })
  })

  it('report their errors, and those of cleanup, which end nothing', async () => {
    class Broken extends Daemon {
      static runs = 0
      async perform() {
        if (++Broken.runs === 2) told.emit('again')
        throw new RangeError(`run ${Broken.runs}`)
      }
      override cleanup() {
        throw new TypeError('can not clean')
      }
    }
    const reports: unknown[] = []
    const collecting = { report: (error: unknown, { context }: { context: unknown }) => void reports.push([String(error), context]) }
    reporter.subscribe(collecting)
    try {
      const again = when('again')
      const daemons = daemonsWith()
      await daemons.start(Broken)
      await again
      await daemons.stop()
    } finally {
      reporter.unsubscribe(collecting)
    }
    expect(reports.slice(0, 2)).to.deep.equal([
      ['RangeError: run 1', { daemon: 'Broken' }],
      ['TypeError: can not clean', { daemon: 'Broken' }],
    ])
    expect(log.map(({ message }) => message)[1]).to.equal('Cleanup hook failed with exception: TypeError (can not clean)')
  })

  it('wait ever longer before they begin again, at most the longest break', async () => {
    const waits: number[] = []
    const subscription = subscribe('restart.daemon', ({ payload }) => {
      waits.push(payload['wait'] as number)
      if (waits.length === 6) told.emit('enough')
    })
    class Failing extends Daemon {
      perform() {
        throw new Error('no')
      }
    }
    try {
      const enough = when('enough')
      await daemonsWith({ backoff: { first: 0.001, longest: 0.01 } }).start(Failing)
      await enough
    } finally {
      unsubscribe(subscription)
    }
    const longest = [0.001, 0.002, 0.004, 0.008, 0.01, 0.01]
    waits.slice(0, 6).forEach((wait, index) => {
      expect(wait).to.be.within(longest[index]! / 2, longest[index]!)
    })
  })

  it('tell of their runs, restarts and end', async () => {
    const events: { name: string; payload: object }[] = []
    const subscription = subscribe(/\.daemon$/, ({ name, payload }) => {
      events.push({ name, payload })
      if (name === 'stop.daemon') told.emit('stopped')
    })
    class Twice extends Daemon {
      static runs = 0
      perform() {
        if (++Twice.runs === 1) throw new Error('first')
        return Daemon.Stop
      }
    }
    try {
      const stopped = when('stopped')
      await daemonsWith().start(Twice)
      await stopped
    } finally {
      unsubscribe(subscription)
    }
    expect(events.map(({ name }) => name)).to.deep.equal(['perform.daemon', 'restart.daemon', 'perform.daemon', 'stop.daemon'])
    expect(events[0]!.payload).to.deep.include({ daemon: 'Twice', run: 1, exception: ['Error', 'first'] })
    expect(events[1]!.payload).to.have.all.keys('daemon', 'wait', 'error')
    expect(events[2]!.payload).to.deep.equal({ daemon: 'Twice', run: 2 })
    expect(events[3]!.payload).to.deep.equal({ daemon: 'Twice', reason: 'asked' })
  })

  it('run as part of their application, with their name in the log', async () => {
    let seen: ReturnType<typeof currentExecution>
    class Named extends Daemon {
      perform() {
        seen = currentExecution()
        told.emit('done')
        return Daemon.Stop
      }
    }
    const application = {}
    const done = when('done')
    await daemonsWith({ application }).start(Named)
    await done
    expect(seen?.application).to.equal(application)
    expect(seen?.logFields).to.deep.equal({ daemon: 'Named' })
  })

  it('run in one process of a machine, and in another when that ends', async () => {
    const [first, second] = [daemonsWith(), daemonsWith()]
    const daemon = patient()
    const ran = when('run')
    await first.start(daemon)
    await ran
    let runs = 0
    told.on('run', () => runs++)
    await second.start(daemon)
    expect(new MachineLeases(directory).holder('Patient')).to.equal(process.pid)
    expect(second.list()[0]!.state).to.equal('waiting')
    const takenOver = when('run')
    await first.stop()
    await takenOver
    expect(runs).to.equal(1)
    expect(second.list()[0]!.state).to.equal('running')
    await second.stop()
    expect(new MachineLeases(directory).holder('Patient')).to.equal(undefined)
  })

  it('run in every process with the scope worker', async () => {
    const daemon = patient('worker')
    let runs = 0
    told.on('run', () => runs++)
    await daemonsWith().start(daemon)
    await daemonsWith().start(daemon)
    await new Promise(setImmediate)
    expect(runs).to.equal(2)
  })

  it('take the place of the one with their name', async () => {
    const daemons = daemonsWith()
    const [ran, ended] = [when('run'), when('end')]
    await daemons.start(patient())
    await ran
    const again = when('run')
    await daemons.start(patient())
    await Promise.all([ended, again])
    expect(daemons.list().map(({ name, state }) => [name, state])).to.deep.equal([['Patient', 'running']])
  })

  it('run once when they are started several times at once, and not at all when they are stopped meanwhile', async () => {
    let running = 0
    class Counted extends Daemon {
      static {
        this.scope('worker')
      }
      async perform() {
        running++
        await this.sleep(3600)
        await new Promise(setImmediate)
        running--
      }
    }
    const daemons = daemonsWith()
    await Promise.all([daemons.start(Counted), daemons.start(Counted), daemons.start(Counted)])
    await new Promise(setImmediate)
    expect(running).to.equal(1)
    const again = daemons.start(Counted)
    expect(await daemons.stop()).to.deep.equal([])
    await again
    await new Promise(setImmediate)
    expect(running).to.equal(0)
  })

  it('run in no other process when they said that they are done', async () => {
    let runs = 0
    class Once extends Daemon {
      perform() {
        runs++
        told.emit('run')
        return Daemon.Stop
      }
    }
    const machine = new MachineLeases(directory)
    const acquire: MachineLeases['acquire'] = (...args) => {
      told.emit('ask')
      return machine.acquire(...args)
    }
    const [first, second] = [daemonsWith(), daemonsWith({ leases: { acquire } })]
    const ran = when('run')
    await first.start(Once)
    await ran
    const asked = when('ask').then(() => when('ask'))
    await second.start(Once)
    await asked
    expect([runs, first.list()[0]!.state, second.list()[0]!.state]).to.deep.equal([1, 'stopped', 'waiting'])
  })

  it('call an error by its class where it has no name of its own', async () => {
    class OutOfStock extends Error {}
    class Emptied extends Daemon {
      static runs = 0
      perform() {
        if (++Emptied.runs === 1) throw new OutOfStock('no stock')
        told.emit('again')
        return Daemon.Stop
      }
    }
    const again = when('again')
    await daemonsWith().start(Emptied)
    await again
    expect(log.map(({ message }) => message)).to.deep.equal(['Daemon failed with exception: OutOfStock (no stock)'])
  })

  it('begin again whatever they throw', async () => {
    const unreadable = () => {
      throw new Error('not even that')
    }
    const thrown = [Object.create(null), new Proxy({}, { getPrototypeOf: unreadable }), Symbol('odd'), undefined]
    const errors: unknown[] = []
    const daemons = daemonsWith({ logger: { ...logger, error: (message) => void errors.push(message) } })
    let runs = 0
    class Odd extends Daemon {
      perform() {
        if (runs === thrown.length) told.emit('done')
        if (runs < thrown.length) throw thrown[runs++]
        return Daemon.Stop
      }
    }
    const done = when('done')
    await daemons.start(Odd)
    await done
    expect(errors).to.deep.equal(['object', 'object', 'Symbol(odd)', 'undefined'].map((text) => `Daemon failed with exception: ${text}`))
  })

  it('sleep for as long as they say, a duration or more than a timer can wait', async () => {
    let turns = 0
    class Sleeper extends Daemon {
      async perform() {
        for (; !this.isStopping && turns < 10; turns++) {
          told.emit('run')
          await this.sleep(days(40))
        }
        return Daemon.Stop
      }
    }
    const ran = when('run')
    const daemons = daemonsWith()
    await daemons.start(Sleeper)
    await ran
    // Timers fire by their times, so that one that was set for too long would have fired.
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(turns).to.equal(0)
    await daemons.stop()
    expect(turns).to.equal(1)
  })

  it('have no other scopes', () => {
    class Misplaced extends Daemon {
      perform() {}
    }
    expect(() => Misplaced.scope('wroker' as never)).to.throw("Misplaced can't have the scope wroker. Did you mean worker?")
  })
})
