import { EventEmitter, setMaxListeners } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { hostname } from 'node:os'
import { mock } from 'node:test'
import { expect } from 'chai'
import { Daemon, type DaemonClass, Daemons, MachineLeases, SharedLeases } from '../../src/daemons/index.ts'
import type { LeaseStore } from '../../src/jobs/index.ts'
import { collectingLogger } from '../jobs/queue_directory.ts'

/** A store of leases, which can be out of reach. */
class MemoryStore implements LeaseStore {
  readonly #held = new Map<string, { owner: string; until: number }>()

  async take(name: string, owner: string, milliseconds: number): Promise<boolean> {
    if (((await this.holder(name)) ?? owner) !== owner) return false
    this.#held.set(name, { owner, until: performance.now() + milliseconds })
    return true
  }

  async release(name: string, owner: string): Promise<void> {
    if ((await this.holder(name)) === owner) this.#held.delete(name)
  }

  async holder(name: string): Promise<string | undefined> {
    const held = this.#held.get(name)
    return held !== undefined && held.until > performance.now() ? held.owner : undefined
  }
}

/** The way of one machine to the store. */
class Machine implements LeaseStore {
  isCutOff = false
  readonly #store: LeaseStore

  constructor(store: LeaseStore) {
    this.#store = store
  }

  async #reach(): Promise<LeaseStore> {
    if (this.isCutOff) throw new Error('out of reach')
    return this.#store
  }

  async take(name: string, owner: string, milliseconds: number): Promise<boolean> {
    return (await this.#reach()).take(name, owner, milliseconds)
  }

  async release(name: string, owner: string): Promise<void> {
    await (await this.#reach()).release(name, owner)
  }

  async holder(name: string): Promise<string | undefined> {
    return (await this.#reach()).holder(name)
  }
}

describe('daemons of the scope application', () => {
  let told: EventEmitter
  let running: Set<string>
  let store: MemoryStore
  const log: Parameters<typeof collectingLogger>[0] = []
  const open: Daemons[] = []
  const { now } = performance
  const listeners = EventEmitter.defaultMaxListeners

  // Time passes by hand: a busy machine that stops this process for longer than a lease lasts would really end it.
  beforeEach(() => {
    setMaxListeners(0) // timers of the mock go on listening to their signals
    mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
    syncBuiltinESMExports()
    performance.now = () => Date.now()
    log.splice(0)
    told = new EventEmitter()
    running = new Set()
    store = new MemoryStore()
  })
  afterEach(async () => {
    for (const daemons of open.splice(0)) await daemons.stop()
    performance.now = now
    mock.timers.reset()
    setMaxListeners(listeners)
    syncBuiltinESMExports()
  })

  async function pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 5) {
      mock.timers.tick(5)
      await new Promise(setImmediate)
    }
  }

  /** What an event was told with, as soon as it is, or undefined. */
  async function toldWithin(milliseconds: number, event: string): Promise<unknown> {
    let machine: unknown
    const note = (name: unknown) => (machine = name)
    told.once(event, note)
    for (let passed = 0; passed < milliseconds && machine === undefined; passed += 5) await pass(5)
    told.off(event, note)
    return machine
  }

  function feedOn(machine: string): DaemonClass {
    return class Feed extends Daemon {
      static {
        this.scope('application')
      }
      async perform() {
        running.add(machine)
        if (running.size > 1) told.emit('twice')
        told.emit('run', machine)
        await this.sleep(3600)
        running.delete(machine)
        told.emit('end', machine)
      }
    }
  }

  async function start(name: string, lease = 300): Promise<{ machine: Machine; daemons: Daemons }> {
    const machine = new Machine(store)
    const leases = new MachineLeases(`/nonexistent/${name}`)
    const sharedLeases = new SharedLeases(machine, lease)
    const daemons = new Daemons({ leases, sharedLeases, logger: collectingLogger(log), leaseInterval: 0.01 })
    open.push(daemons)
    await daemons.start(feedOn(name))
    return { machine, daemons }
  }

  it('run on one of several machines, and on another when it ends there', async () => {
    const first = await start('first', 60_000)
    expect(await toldWithin(50, 'run')).to.equal('first')
    const second = await start('second')
    expect(await toldWithin(500, 'run')).to.equal(undefined)
    expect([...running]).to.deep.equal(['first'])
    expect(second.daemons.list()[0]!.state).to.equal('waiting')
    expect(await new SharedLeases(store, 1).holder('Feed')).to.deep.equal({ host: hostname(), pid: process.pid })
    await first.daemons.stop()
    expect(await toldWithin(50, 'run')).to.equal('second')
  })

  it('keep what they have for longer than a lease lasts', async () => {
    await start('first', 120)
    expect(await toldWithin(50, 'run')).to.equal('first')
    await start('second', 120)
    expect(await toldWithin(1200, 'run')).to.equal(undefined)
    expect([...running]).to.deep.equal(['first'])
  })

  it('end where the store is out of reach, before they run elsewhere', async () => {
    const twice: unknown[] = []
    told.on('twice', () => twice.push(1))
    const first = await start('first')
    expect(await toldWithin(50, 'run')).to.equal('first')
    await start('second')
    first.machine.isCutOff = true
    expect(await toldWithin(300, 'end')).to.equal('first')
    expect(await toldWithin(300, 'run')).to.equal('second')
    expect(twice).to.deep.equal([])
    expect(log.find(({ level }) => level === 'warn')!.message).to.equal(
      'Feed ends here, since its lease is lost: it may run in another process now',
    )
  })
})
