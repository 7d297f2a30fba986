/** A file that a porter wants written: its path from the output's root, and its text. */
export interface PortedFile {
  readonly path: string
  readonly text: string
}
