import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'

export type { SchemaEngine }

type Exports = Record<string, unknown>

/** The part of WebAssembly that is used; TypeScript declares it for browsers only. */
interface WebAssemblyApi {
  instantiate(binary: Uint8Array, imports: Record<string, unknown>): Promise<{ instance: { exports: Exports } }>
}

interface EngineModule {
  SchemaEngine: typeof SchemaEngine
  __wbg_set_wasm(exports: Exports): void
}

let loading: Promise<EngineModule> | undefined

/** Prisma's schema engine. It is made for bundlers that import WebAssembly as modules; Node.js doesn't, so it is put together here, once. */
export function schemaEngineModule(): Promise<EngineModule> {
  return (loading ??= instantiate())
}

async function instantiate(): Promise<EngineModule> {
  const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const binary = readFileSync(path.join(folder, 'schema_engine_bg.wasm'))
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': { ...glue, ...patientTimers(glue) } })
  glue.__wbg_set_wasm(instance.exports)
  ;(instance.exports['__wbindgen_start'] as () => void)()
  return glue
}

/** The engine leaves a timer of a minute behind when it is done; it shall not keep the process. */
function patientTimers(glue: object): Record<string, (callback: () => void, delay: number) => unknown> {
  const names = Object.keys(glue).filter((name) => name.startsWith('__wbg_setTimeout'))
  return Object.fromEntries(names.map((name) => [name, (callback, delay) => setTimeout(callback, delay >>> 0).unref()]))
}
