import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ClientMissing } from './errors.ts'
import { CLIENT_CONFIG, type ClientConfig } from './generate/client_config.ts'

/** Where a generated Prisma client is: its folder, such as `db/generated/client`. */
export interface ClientSource {
  readonly folder: string
}

type PrismaClientClass = new (options: { adapter: SqlDriverAdapterFactory }) => unknown

interface Runtime {
  getPrismaClient(config: object): PrismaClientClass
}

/** Makes a PrismaClient over connections that are open already: the one of the generated `client.ts`, from the data beside it. Loading
 * Prisma's runtime takes a tenth of a second and much memory, so this runs only when somebody asks for the client.
 *
 * @throws ClientMissing when the client wasn't generated
 */
export function loadClient(source: ClientSource, adapter: SqlDriverAdapterFactory): unknown {
  const file = path.join(source.folder, CLIENT_CONFIG)
  if (!existsSync(file)) throw new ClientMissing({ path: file })
  const config = JSON.parse(readFileSync(file, 'utf8')) as ClientConfig
  const { getPrismaClient } = createRequire(import.meta.url)('@prisma/client/runtime/client') as Runtime
  const PrismaClient = getPrismaClient({ ...config, compilerWasm: queryCompiler(config.activeProvider) })
  return new PrismaClient({ adapter })
}

/** Prisma's compiler of queries, for one kind of database. */
function queryCompiler(provider: string): object {
  const name = `@prisma/client/runtime/query_compiler_fast_bg.${provider}`
  return {
    getRuntime: () => import(`${name}.mjs`),
    async getQueryCompilerWasmModule() {
      const { wasm } = (await import(`${name}.wasm-base64.mjs`)) as { wasm: string }
      const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (binary: Uint8Array) => object } }
      return new WebAssembly.Module(Buffer.from(wasm, 'base64'))
    },
    importName: './query_compiler_fast_bg.js',
  }
}
