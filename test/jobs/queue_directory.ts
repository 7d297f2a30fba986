import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogFields, Logger } from '../../src/logging/index.ts'
import { EmbeddedBackend, type EngineOptions, type NewJob, type StoredJob } from '../../src/jobs/index.ts'

/** A directory for a queue, removed after the test, and what a test does with queues in it. */
export class QueueDirectory {
  readonly path: string
  readonly log: { level: string; message: string; fields: LogFields }[] = []
  #open: EmbeddedBackend[] = []

  static async make(): Promise<QueueDirectory> {
    return new QueueDirectory(await mkdtemp(join(tmpdir(), 'regauge-jobs-')))
  }

  private constructor(path: string) {
    this.path = path
  }

  open(options: EngineOptions = {}): EmbeddedBackend {
    const backend = new EmbeddedBackend({ directory: this.path, logger: collectingLogger(this.log), ...options })
    this.#open.push(backend)
    return backend
  }

  /** The journal's files, oldest first. */
  async journals(): Promise<string[]> {
    const names = await readdir(this.path)
    return names.filter((name) => name.endsWith('.journal')).sort()
  }

  async dispose(): Promise<void> {
    for (const backend of this.#open) await backend.close()
    await rm(this.path, { recursive: true })
  }
}

/** A logger that only collects. */
export function collectingLogger(lines: { level: string; message: string; fields: LogFields }[]): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields })
    }
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: () => logger,
    isLevelEnabled: () => true,
  }
  return logger
}

/** A job that carries a number. */
export function numbered(number: number, more: Partial<NewJob> = {}): NewJob {
  return { queue: 'default', name: 'Example', data: { number }, ...more }
}

/** The numbers that listed jobs carry. */
export function numbersOf(jobs: readonly StoredJob[]): unknown[] {
  return jobs.map(({ data }) => data['number'])
}

/** The ids of jobs that were stored. */
export function idsOf(added: readonly (string | null)[]): string[] {
  return added.filter((id) => id !== null)
}
