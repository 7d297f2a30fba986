import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { peersFolder } from './peers.ts'

const root = join(import.meta.dirname, '../../..')
const built = join(peersFolder, 'dist')

/** Compiles our sources as they are published, since what a development loader adds to functions would be measured too. */
export function buildSources(): void {
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--outDir',
      built,
      '--declaration',
      'false',
      '--sourceMap',
      'false',
      '--inlineSources',
      'false',
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  if (!existsSync(built)) throw new Error(`The sources could not be built:\n${stdout}`)
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }\n')
}

/** Imports one of our files as built, 'src/http/index.ts'. */
export async function importBuilt<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(built, file.replace(/\.ts$/, '.js'))).href)) as T
}
