import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildDeclarations, packageFolder, repository } from './built_package.ts'

export { repository }

const folders: string[] = []

/** Makes a folder with these files, from which `regauge` can be imported: with each use another one, since modules are loaded once. */
export function folderOf(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(applicationsFolder(), 'test-'))
  folders.push(folder)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(packageFolder(), join(folder, 'node_modules', 'regauge'))
  write(folder, files)
  return folder
}

/** Where applications find the packages of the repository, yet import their own `regauge`: the package.json ends what is part of the repository's. */
export function applicationsFolder(): string {
  const folder = join(repository, 'tmp/applications')
  const manifest = join(folder, 'package.json')
  if (existsSync(manifest)) return folder
  mkdirSync(folder, { recursive: true })
  const unfinished = mkdtempSync(join(folder, 'package-')) // another process shall never read half a file
  writeFileSync(join(unfinished, 'package.json'), '{ "type": "module" }\n')
  renameSync(join(unfinished, 'package.json'), manifest)
  rmSync(unfinished, { recursive: true })
  return folder
}

/** Gives the compiler in a folder of `folderOf` what it finds in an installed package: declarations. Nothing runs there any more. */
export function declarePackage(folder: string): void {
  const link = join(folder, 'node_modules/regauge')
  rmSync(link)
  symlinkSync(buildDeclarations(), link)
}

/** A copy of the orders application, with some files written over or added. */
export function ordersWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = folderOf()
  const orders = join(repository, 'test/applications/orders')
  // What is there of somebody who ran it is no part of it.
  const left = ['storage', 'tmp'].map((name) => join(orders, name))
  cpSync(orders, folder, { recursive: true, filter: (path) => !left.includes(path) })
  write(folder, files)
  return folder
}

/** An application with nothing but these files, a routes file and a base controller. */
export function applicationWith(files: Readonly<Record<string, string>>): string {
  return folderOf({
    'app/controllers/application_controller.ts':
      "import { Controller } from 'regauge'\nexport class ApplicationController extends Controller {}\n",
    'config/routes.ts': "import { draw } from 'regauge'\nexport default draw(() => {})\n",
    ...files,
  })
}

/** Removes what the functions above made: for `afterEach`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
