import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { FileDiffers } from '../errors.ts'
import { printResult } from '../output.ts'

interface PullOptions extends DatabaseOptions {
  readonly rails?: string
  readonly print?: boolean
  readonly force?: boolean
}

const providers = { sqlite: 'sqlite', postgres: 'postgresql', mysql: 'mysql' } as const

/** `regauge db:pull`: the schema of a database that somebody else made. */
export function register(program: Command): void {
  databaseCommand(program, 'db:pull', 'write db/schema.prisma, and the SQL beside it, from the database')
    .option('--rails <folder>', 'a Rails application whose models name classes and relations')
    .option('--print', 'write nothing, print the files')
    .option('--force', 'overwrite files that differ')
    .action(pull)
}

async function pull(options: PullOptions): Promise<void> {
  const { pullSchema } = await import('../../../migrations/index.ts')
  const tasks = await tasksOf(options)
  const root = options.rails === undefined ? undefined : resolve(options.rails)
  const { files, rows } = await tasks.read(({ dialect, query }) => pullSchema({ provider: providers[dialect], query, root }))
  const changed = options.print ? [] : write(options, files)
  printResult(options, { files: options.print ? files : changed, rows }, () => {
    if (options.print) return files.map(({ text }) => text).join('\n')
    const told = rows
      .filter(({ status }) => status !== 'ported')
      .map(({ status, construct, reason }) => `${status.padEnd(8)} ${construct}: ${reason}`)
    return [
      ...told,
      ...(changed.length > 0 ? changed.map((path) => `wrote    ${path}`) : ['The schema is that of the database already.']),
    ].join('\n')
  })
}

/** Writes the files that differ, or none.
 *
 * @throws FileDiffers for a file that would be lost
 */
function write({ root, force }: PullOptions, files: readonly { readonly path: string; readonly text: string }[]): string[] {
  const changed = files.filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
  const lost = changed.find(({ path }) => existsSync(join(root, path)))
  if (lost && !force) throw new FileDiffers({ file: lost.path })
  for (const { path, text } of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return changed.map(({ path }) => path)
}
