import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where peers and what is built for a benchmark live. */
export const peersFolder = join(import.meta.dirname, '../peers')

/** Installs what we are compared with into `test/bench/peers`, which git ignores: a user of this package never gets them.
 * @param packages names with versions, `{ fastify: '5.6.2' }`
 * @param overrides versions that packages get whatever they ask for themselves
 * @throws Error when npm can't install them
 */
export function installPeers(packages: Readonly<Record<string, string>>, overrides: Readonly<Record<string, string>> = {}): void {
  const missing = Object.entries(packages).filter(([name]) => !existsSync(join(peersFolder, 'node_modules', name)))
  if (missing.length === 0) return
  mkdirSync(peersFolder, { recursive: true })
  override(overrides)
  const names = missing.map(([name, version]) => `${name}@${version}`)
  const { status, stderr } = spawnSync('npm', ['install', '--save-exact', '--no-audit', '--no-fund', ...names], {
    cwd: peersFolder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`npm could not install ${names.join(', ')}:\n${stderr}`)
}

function override(overrides: Readonly<Record<string, string>>): void {
  const file = join(peersFolder, 'package.json')
  const written = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { overrides?: object }) : {}
  writeFileSync(file, JSON.stringify({ ...written, private: true, overrides: { ...written.overrides, ...overrides } }))
}

/** Imports a peer that was installed: its default export, or all of them where it has none. */
export async function importPeer<T>(name: string): Promise<T> {
  const door = join(peersFolder, 'import.mjs')
  if (!existsSync(door)) writeFileSync(door, 'export default (name) => import(name)\n')
  const { default: load } = (await import(pathToFileURL(door).href)) as { default: (name: string) => Promise<object> }
  const loaded = await load(name)
  return ('default' in loaded ? loaded.default : loaded) as T
}
