import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

/** What running a golden file came to. */
export interface GoldenResult {
  readonly passed: number
  readonly failed: { id: string; reason: string }[]
  /** How many cases passed in each way, of a kind whose cases run in several ways; one passes when it does so in all of them. */
  readonly ways?: readonly WayResult[]
}

/** What running the cases of a golden file in one way came to. */
export interface WayResult {
  /** `from the call tree`, `requests`: what is put behind the numbers. */
  readonly way: string
  readonly passed: number
  readonly total: number
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

/** Puts the results of several ways together. A case that fails in several of them is one failure, with a reason for each. */
export function inEveryWay(results: readonly { readonly way: string; readonly result: GoldenResult }[]): GoldenResult {
  const reasons = new Map<string, string[]>()
  for (const { way, result } of results) {
    for (const { id, reason } of result.failed) reasons.set(id, [...(reasons.get(id) ?? []), `${way}: ${reason}`])
  }
  const total = Math.max(...results.map(({ result }) => result.passed + result.failed.length))
  return {
    passed: total - reasons.size,
    failed: [...reasons].map(([id, all]) => ({ id, reason: all.join('\n') })),
    ways: results.map(({ way, result: { passed, failed } }) => ({ way, passed, total: passed + failed.length })),
  }
}
