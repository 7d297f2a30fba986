import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

/** One case of a golden file. `run` throws when the answer differs from Rails'. */
export interface GoldenCase {
  readonly id: string
  readonly run: () => void | Promise<void>
}

/** Turns the contents of one kind of golden file into cases. */
export interface GoldenRunner {
  /** What the base names of its files look like. */
  readonly names: RegExp
  readonly cases: (content: unknown) => GoldenCase[]
}

/** Reads a golden file, gzipped or not. */
export async function readGolden(path: string): Promise<unknown> {
  const bytes = await readFile(path)
  return JSON.parse((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString())
}
