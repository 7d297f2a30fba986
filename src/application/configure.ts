import { basename, relative } from 'node:path'
import { type Configuration, type Configure, defaultConfiguration } from './configuration.ts'
import type { Environment } from './environment.ts'
import { InvalidConfiguration, UnknownEnvironment, UnknownSetting } from './errors.ts'
import { findSource, importFile, loadFolder } from './loader.ts'
import { secretKeyBase } from './secret_key_base.ts'
import { didYouMean } from '../naming/index.ts'

/** A configuration whose files have been read, with the work to do after boot. */
export type Settings = Configuration & { readonly hooks: readonly (() => void | Promise<void>)[] }

const standardEnvironments = ['development', 'test', 'production']

/** Reads the configuration in Rails' order: defaults, `config/application`, `config/environments/<name>`, `config/initializers/*` by name.
 *
 * @throws UnknownEnvironment when a name other than development, test and production has no file
 * @throws UnknownSetting when a file writes a setting that doesn't exist
 */
export async function readConfiguration(root: string, env: Environment): Promise<Settings> {
  const settings = defaultConfiguration(root, env, basename(root))
  const config = refuseUnknown(settings, '')
  const environmentFile = findSource(root, `config/environments/${env.name}`)
  if (!environmentFile && !standardEnvironments.includes(env.name)) {
    throw new UnknownEnvironment({ name: env.name, file: `config/environments/${env.name}.ts` })
  }
  for (const file of [findSource(root, 'config/application'), environmentFile]) {
    if (file) await apply(root, file, await importFile(root, file), config, true)
  }
  for (const { file, exports } of await loadFolder(root, 'config/initializers')) await apply(root, file, exports, config, false)
  settings.secretKeyBase ||= secretKeyBase(root, env)
  return settings
}

async function apply(
  root: string,
  file: string,
  exports: Record<string, unknown>,
  config: Configuration,
  required: boolean,
): Promise<void> {
  const settings = exports['default'] as Configure | undefined
  if (typeof settings === 'function') return settings(config)
  if (required || settings !== undefined)
    throw new InvalidConfiguration({ file: relative(root, file), reason: 'there is no default export that is a function' })
}

/** Wraps a group of settings, so that a mistyped one is an error and not a new property. */
function refuseUnknown<T extends object>(group: T, path: string): T {
  return new Proxy(group, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver)
      return isGroup(value) && key !== 'env' ? refuseUnknown(value, `${path}${String(key)}.`) : value
    },
    set(target, key, value) {
      if (!(key in target))
        throw new UnknownSetting({ setting: `${path}${String(key)}`, suggestion: didYouMean(String(key), Object.keys(target)) })
      return Reflect.set(target, key, value)
    },
  })
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
