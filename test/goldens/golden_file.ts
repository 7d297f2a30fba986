import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

/** What running a golden file came to. */
export interface GoldenResult {
  readonly passed: number
  readonly failed: { id: string; reason: string }[]
}

/** Reads a golden file, gzipped or not. */
export async function readGolden(path: string): Promise<unknown> {
  const bytes = await readFile(path)
  return JSON.parse((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString())
}

/** Runs each case; one that throws has failed, for the reason of the error. */
export async function runCases(cases: readonly { readonly id: string; readonly run: () => void | Promise<void> }[]): Promise<GoldenResult> {
  const failed: { id: string; reason: string }[] = []
  for (const { id, run } of cases) {
    try {
      await run()
    } catch (error) {
      failed.push({ id, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { passed: cases.length - failed.length, failed }
}
