import type { PrintedText } from './typescript/index.ts'

/** A file that a porter wants written: its path from the output's root, and its text. */
export interface PortedFile {
  readonly path: string
  readonly text: string
  /** Where the lines of a routes file come from, by their number. */
  readonly origins?: PrintedText['origins']
}
