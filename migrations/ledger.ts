import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PortedFile } from './ported_file.ts'
import type { PortKind } from './report/rows.ts'

/** Where the ledger lies in the ported application. */
export const ledgerPath = '.regauge/port.json'

/** What the porter wrote: which porter wrote a file, and the digest of its text. */
export interface LedgerEntry {
  readonly kind: PortKind
  readonly sha256: string
}

/** Remembers what the porter wrote, so that a later run can tell its own text from a person's. */
export class Ledger {
  readonly #entries: Map<string, LedgerEntry>

  constructor(entries: Iterable<readonly [string, LedgerEntry]> = []) {
    this.#entries = new Map(entries)
  }

  /** The ledger of an output folder; an empty one when there is none, or when it can't be read. */
  static of(root: string): Ledger {
    const path = join(root, ledgerPath)
    if (!existsSync(path)) return new Ledger()
    try {
      const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, LedgerEntry> }
      return new Ledger(Object.entries(files))
    } catch {
      return new Ledger()
    }
  }

  /** Whether a text is what the porter wrote under this path. */
  wrote(path: string, text: string): boolean {
    return this.#entries.get(path)?.sha256 === digest(text)
  }

  record(path: string, kind: PortKind, text: string): void {
    this.#entries.set(path, { kind, sha256: digest(text) })
  }

  /** The files that a porter wrote once. */
  pathsOf(kind: PortKind): string[] {
    return [...this.#entries].filter(([, entry]) => entry.kind === kind).map(([path]) => path)
  }

  toFile(): PortedFile {
    const files = Object.fromEntries([...this.#entries].sort(([left], [right]) => (left < right ? -1 : 1)))
    return { path: ledgerPath, text: `${JSON.stringify({ files }, null, 2)}\n` }
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
