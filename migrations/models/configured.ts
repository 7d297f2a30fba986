import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assignedValue, childrenOf, is, literalText, type RubyNode, RubySource } from '../ruby/index.ts'

/** What an application's configuration tells of its models. */
export interface ModelConfiguration {
  /** The zone of `config.time_zone`, where it isn't UTC. */
  readonly timeZone: string | undefined
  /** What `config.i18n.available_locales` lists; undefined where it is what gems bring. */
  readonly locales: readonly string[] | undefined
  /** Folders beside `app` and `lib` whose classes are loaded by their names. */
  readonly folders: readonly string[]
}

/** Reads `config/application.rb`, and for locales the initializer that Rails has for them. */
export function modelConfiguration(root: string): ModelConfiguration {
  const application = treeOf(root, 'config/application.rb')
  const initializer = treeOf(root, 'config/initializers/i18n.rb') ?? treeOf(root, 'config/initializers/locale.rb')
  const locales = [application, initializer].flatMap((tree) => (tree && assignedValue(tree, 'available_locales')) ?? [])
  return {
    timeZone: application && zoneOf(application),
    locales: locales[0] && textsOf(locales[0]),
    folders: application
      ? [...new Set(loadedFolders(application))].filter((folder) => isOwn(folder) && existsSync(join(root, folder)))
      : [],
  }
}

function treeOf(root: string, file: string): RubyNode | undefined {
  const path = join(root, file)
  return existsSync(path) ? new RubySource(file, readFileSync(path, 'utf8')).tree : undefined
}

function zoneOf(tree: RubyNode): string | undefined {
  const given = assignedValue(tree, 'time_zone')
  if (given === undefined) return undefined
  const name = literalText(given) ?? 'one that is computed'
  return /^(UTC|Etc\/UTC)$/.test(name) ? undefined : name
}

function textsOf(node: RubyNode): string[] | undefined {
  if (!is(node, 'ArrayNode')) return undefined
  const texts = (node.elements as RubyNode[]).map((each) => literalText(each))
  return texts.every((each) => each !== undefined) ? texts : undefined
}

/** The folders that `config.autoload_paths` and `config.eager_load_paths` are given. */
function loadedFolders(node: RubyNode): string[] {
  const isGiven =
    (is(node, 'CallNode') && isPaths(node.receiver as RubyNode | null)) ||
    (is(node, 'CallOperatorWriteNode') && /^(autoload|eager_load)_paths$/.test(node.readName))
  return isGiven ? foldersIn(node) : childrenOf(node).flatMap(loadedFolders)
}

function isPaths(node: RubyNode | null): boolean {
  return is(node, 'CallNode') && /^(autoload|eager_load)_paths$/.test(node.name)
}

function foldersIn(node: RubyNode): string[] {
  const text = literalText(node)
  return [...(text === undefined ? [] : [text.replace(/^\//, '')]), ...childrenOf(node).flatMap(foldersIn)]
}

/** Whether a folder is of the application's code and read nowhere else. */
function isOwn(folder: string): boolean {
  return /^\w[\w/-]*$/.test(folder) && !/^(app|lib|config|db|test|spec|vendor)(\/|$)/.test(folder)
}
