import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'

/** A server of the test's own, which keeps its data in a folder of its own, and which the test may kill. */
export abstract class OwnServer {
  readonly folder: string
  readonly port: number
  protected process: ChildProcess | undefined

  protected constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  /** Starts the server again, and waits until it can be asked. */
  abstract restart(): Promise<void>

  /** Kills it as a lack of memory or power would: nobody is told. */
  async kill(): Promise<void> {
    const ended = once(this.process!, 'exit')
    this.process!.kill('SIGKILL')
    await ended
  }

  /** Ends it, where it still runs, and removes its folder. */
  async remove(): Promise<void> {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
