import type * as DMMF from '@prisma/dmmf'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { CLIENT_CONFIG, clientConfig } from './client_config.ts'
import { clientGenerator } from './generator_module.ts'
import type { SchemaFile } from './schema_file.ts'

/** Writes Prisma's client, and the types that models are typed from, into an empty folder. The work of `prisma generate`, without the
 * command around it: that is 350 MB, and insists on an engine that it downloads and doesn't use here.
 */
export async function writeClient(schema: SchemaFile, document: DMMF.Document, folder: string): Promise<void> {
  const { generateClient } = await clientGenerator()
  const { version } = createRequire(import.meta.url)('@prisma/client/package.json') as { version: string }
  await generateClient({
    datamodel: schema.text,
    schemaPath: schema.path,
    runtimeBase: '@prisma/client/runtime',
    outputDir: folder,
    generator: {
      name: 'client',
      provider: { value: 'prisma-client', fromEnvVar: null },
      output: { value: folder, fromEnvVar: null },
      config: {},
      binaryTargets: [],
      previewFeatures: [],
    },
    dmmf: document,
    datasources: [{ name: 'db', provider: schema.provider, activeProvider: schema.provider, schemas: [], sourceFilePath: schema.path }],
    binaryPaths: {},
    engineVersion: version,
    clientVersion: version,
    activeProvider: schema.provider,
    target: 'nodejs',
    generatedFileExtension: 'ts',
    importFileExtension: 'ts',
    moduleFormat: 'esm',
    tsNoCheckPreamble: true,
    compilerBuild: 'fast',
  })
  writeFileSync(path.join(folder, CLIENT_CONFIG), `${JSON.stringify(clientConfig(folder, schema, version))}\n`)
}
