import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { camelize, tableize, underscore } from '../../naming/index.ts'
import { applicationCommand, type AppOptions } from '../application_command.ts'
import { databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { FileDiffers, InvalidModelDescription } from '../errors.ts'
import { printResult } from '../output.ts'

/** `regauge generate`: what Rails' generators write. */
export function register(program: Command): void {
  const generate = program.command('generate').alias('g').description('write a model or a migration')
  applicationCommand(generate, 'model', 'write a model: its table in db/schema.prisma, its class in app/models')
    .argument('<name>', 'the class: Article')
    .argument('[columns...]', 'title:string{80}:uniq body:text price:decimal{8,2} author:references')
    .action((name: string, columns: string[], options: AppOptions) => model(name, columns, options))
  databaseCommand(generate, 'migration', 'write a migration to be completed by hand')
    .argument('<name>', 'what it does: fill_in_slugs')
    .action((name: string, options: DatabaseOptions) => migration(name, options))
}

async function model(given: string, words: readonly string[], options: AppOptions): Promise<void> {
  const { addModel, modelFile, newColumn } = await import('../../../migrations/index.ts')
  const name = camelize(given)
  if (!/^[A-Z]\w*$/.test(name)) throw new InvalidModelDescription({ word: given, reason: 'is no name for a model' })
  const columns = words.map((word) => {
    const column = newColumn(word)
    if (column === undefined) throw new InvalidModelDescription({ word, reason: 'is no column' })
    return column
  })
  const schema = join(options.root, 'db/schema.prisma')
  const text = readFileSync(schema, 'utf8')
  const file = modelFile(name, columns)
  if (new RegExp(`^model ${name} \\{`, 'm').test(text)) throw new FileDiffers({ file: 'db/schema.prisma' })
  if (existsSync(join(options.root, file.path))) throw new FileDiffers({ file: file.path })
  const added = addModel(text, name, columns)
  if ('missing' in added) throw new InvalidModelDescription({ word: added.missing, reason: 'is no model of db/schema.prisma to refer to' })
  writeFileSync(schema, added.text)
  mkdirSync(dirname(join(options.root, file.path)), { recursive: true })
  writeFileSync(join(options.root, file.path), file.text)
  printResult(options, { files: ['db/schema.prisma', file.path] }, () =>
    [
      `changed  db/schema.prisma`,
      `wrote    ${file.path}`,
      '',
      `Now: regauge db:push, or regauge db:migrate --name create_${tableize(name)}`,
    ].join('\n'),
  )
}

async function migration(name: string, options: DatabaseOptions): Promise<void> {
  const result = await (await tasksOf(options)).migrate({ name: underscore(name), draft: true })
  printResult(
    options,
    { created: result.created },
    () => `wrote    db/migrations/${result.created}\n\nComplete migration.sql and down.sql, then: regauge db:migrate`,
  )
}
