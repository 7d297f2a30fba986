import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ownership, QueueOwned } from '../jobs/index.ts'

/** The right to run something that one process at a time may run. */
export interface Lease {
  release(): void | Promise<void>
}

/** Who gives leases. */
export interface Leases {
  /** The lease of a name; undefined while another process has it.
   * @param onLost called when somebody else took it, as if we were dead
   */
  acquire(name: string, onLost: () => void): Promise<Lease | undefined>
}

/** Leases among the processes of a machine: a lock file each, which is free again as soon as its process is dead. */
export class MachineLeases implements Leases {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async acquire(name: string, onLost: () => void): Promise<Lease | undefined> {
    const directory = this.#of(name)
    mkdirSync(directory, { recursive: true })
    try {
      return Ownership.acquire(directory, onLost)
    } catch (error) {
      if (error instanceof QueueOwned) return undefined
      throw error
    }
  }

  /** The process that has a lease. */
  holder(name: string): number | undefined {
    try {
      const { pid } = JSON.parse(readFileSync(join(this.#of(name), 'owner.lock'), 'utf8')) as { pid: number }
      process.kill(pid, 0)
      return pid
    } catch {
      return undefined
    }
  }

  #of(name: string): string {
    return join(this.#directory, encodeURIComponent(name))
  }
}
