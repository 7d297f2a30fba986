import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ParseResult } from '@ruby/prism/src/deserialize.js'
import { parsePrism } from '@ruby/prism/src/parsePrism.js'

/** The part of the platform's WebAssembly that is needed here; TypeScript declares it for browsers only. */
interface WasmPlatform {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Parameters<typeof parsePrism>[0] }
}

let wasm: Parameters<typeof parsePrism>[0] | undefined

/** Parses Ruby with Prism, synchronously and without a word on the console.
 *
 * Prism's own loader starts WASI, which prints an experimental warning. The module only ever asks WASI for random numbers,
 * so a stub import object is enough. Offsets in the result count UTF-8 bytes, not characters.
 *
 * @example parseRuby('root "home#index"').errors.length // 0
 */
export function parseRuby(source: string): ParseResult {
  wasm ??= instantiate()
  return parsePrism(wasm, source)
}

/** Forgets the parser after it failed: its memory is in no known state. */
export function resetParser(): void {
  wasm = undefined
}

function instantiate(): Parameters<typeof parsePrism>[0] {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmPlatform }).WebAssembly
  const stub = new Proxy({}, { get: () => new Proxy({}, { get: () => () => 0 }) })
  return new Instance(new Module(readFileSync(createRequire(import.meta.url).resolve('@ruby/prism/src/prism.wasm'))), stub).exports
}
