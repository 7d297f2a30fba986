import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { oneName } from '../arguments.ts'
import { FolderExists, InvalidName } from '../errors.ts'
import { isEmptyFolder, writeMissing } from '../missing_files.ts'
import { applicationFiles } from '../templates/application.ts'
import { version } from '../version.ts'

/** `regauge new NAME`: a new application. */
export function register(program: Command): void {
  program
    .command('new')
    .description('make a new application')
    .argument('<path>', 'the folder to make; its name becomes the name of the application')
    .option('--regauge <specifier>', 'what package.json asks for', oneName, `^${version}`)
    .action((path: string, options: { regauge: string }) => makeApplication(path, options.regauge))
}

function makeApplication(path: string, regauge: string): void {
  const folder = resolve(path)
  // An empty path would mean this folder.
  const name = path === '' ? '' : basename(folder)
  if (!/^[a-z][\w-]*$/i.test(name)) throw new InvalidName({ name })
  if (!isEmptyFolder(folder)) throw new FolderExists({ folder: path })
  for (const file of writeMissing(folder, applicationFiles(name, { regauge }))) process.stdout.write(`  create  ${join(path, file)}\n`)
  process.stdout.write(`\nNow: cd ${path} && npm install && npm start\n`)
}
