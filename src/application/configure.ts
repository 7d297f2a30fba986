import { existsSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { RegaugeError } from '../errors/index.ts'
import { dasherize, didYouMean, underscore } from '../naming/index.ts'
import { type Configuration, type Configure, defaultConfiguration } from './configuration.ts'
import type { Environment } from './environment.ts'
import { InvalidConfiguration, LoadFailed, UnknownEnvironment, UnknownSetting } from './errors.ts'
import { loadFailure } from './loading/load_failure.ts'
import { findSource, importFile, loadFolder } from './loading/loader.ts'
import { secretKeyBase } from './secret_key_base.ts'

/** A configuration whose files have been read, with the work to do after boot. */
export type Settings = Configuration & { readonly hooks: readonly (() => void | Promise<void>)[] }

const standardEnvironments = ['development', 'test', 'production']

/** Reads the configuration in Rails' order: defaults, `config/application`, `config/environments/<name>`, `config/initializers/*` by name.
 *
 * @throws UnknownEnvironment when a name other than development, test and production has no file
 * @throws UnknownSetting when a file reads or writes a setting that doesn't exist
 * @throws LoadFailed when a file can't be imported or its function throws
 */
export async function readConfiguration(root: string, env: Environment): Promise<Settings> {
  const settings = defaultConfiguration(root, env, basename(root))
  const environmentFile = findSource(root, `config/environments/${env.name}`)
  if (!environmentFile && !standardEnvironments.includes(env.name)) {
    throw new UnknownEnvironment({
      name: env.name,
      file: `config/environments/${env.name}.ts`,
      suggestion: didYouMean(env.name, [...standardEnvironments, ...environmentsIn(root)]),
    })
  }
  for (const file of [findSource(root, 'config/application'), environmentFile]) {
    if (file) await apply(root, file, await importFile(root, file), settings, true)
  }
  for (const { file, exports } of await loadFolder(root, 'config/initializers')) await apply(root, file, exports, settings, false)
  settings.globalIdApplication ||= dasherize(underscore(settings.name)).replace(/[^a-z0-9-]+/gi, '-')
  settings.secretKeyBase ||= secretKeyBase(root, env, settings.credentials)
  return settings
}

function environmentsIn(root: string): string[] {
  const folder = join(root, 'config/environments')
  return existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.\w+$/, '')) : []
}

async function apply(
  root: string,
  file: string,
  exports: Record<string, unknown>,
  config: Configuration,
  required: boolean,
): Promise<void> {
  const settings = exports['default'] as Configure | undefined
  if (typeof settings !== 'function') {
    if (!required && settings === undefined) return
    throw new InvalidConfiguration({ file: relative(root, file), reason: 'there is no default export that is a function' })
  }
  try {
    await settings(refuseUnknown(config, '', relative(root, file)))
  } catch (error) {
    if (error instanceof RegaugeError) throw error
    throw new LoadFailed(loadFailure(root, file, error), { cause: error })
  }
}

/** Wraps a group of settings, so that a mistyped one is an error and not a new property. */
function refuseUnknown<T extends object>(group: T, path: string, file: string): T {
  const refuse = (key: string) => {
    throw new UnknownSetting({ file, setting: `${path}${key}`, suggestion: didYouMean(key, Object.keys(group)) })
  }
  return new Proxy(group, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target)) refuse(key)
      const value: unknown = Reflect.get(target, key, receiver)
      return isGroup(value) && key !== 'env' ? refuseUnknown(value, `${path}${String(key)}.`, file) : value
    },
    set(target, key, value) {
      if (!(key in target)) refuse(String(key))
      return Reflect.set(target, key, value)
    },
  })
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
