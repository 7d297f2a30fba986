import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { constantName, pluralize, singularize, tableize, underscore } from '../../naming/index.ts'
import { applicationCommand, type AppOptions } from '../application_command.ts'
import { databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { InvalidModelDescription, ModelExists, SchemaMissing } from '../errors.ts'
import { printResult } from '../output.ts'

/** `regauge generate`: what Rails' generators write. */
export function register(program: Command): void {
  const generate = program.command('generate').alias('g').description('write a model or a migration')
  applicationCommand(generate, 'model', 'write a model: its table in db/schema.prisma, its class in app/models')
    .argument('<name>', 'the class: Article')
    .argument(
      '[columns...]',
      "'title:string!{80}:uniq' body:text 'price:decimal{8,2}' author:references 'owner:references{polymorphic}' password:digest",
    )
    .action((name: string, columns: string[], options: AppOptions) => model(name, columns, options))
  databaseCommand(generate, 'migration', 'write a migration to be completed by hand')
    .argument('<name>', 'what it does: fill_in_slugs')
    .action((name: string, options: DatabaseOptions) => migration(name, options))
}

async function model(given: string, words: readonly string[], options: AppOptions): Promise<void> {
  const { addModel, modelFile, newColumns, providerOf } = await import('../../../migrations/index.ts')
  const name = modelName(given)
  const text = readSchema(options.root)
  const columns = newColumns(words, providerOf(text))
  if (!Array.isArray(columns)) throw new InvalidModelDescription(columns)
  const file = modelFile(name, columns)
  if (new RegExp(`^(?:model|view|enum|type)\\s+${name}\\s*\\{`, 'm').test(text)) throw new ModelExists({ name, file: schemaFile })
  if (existsSync(join(options.root, file.path))) throw new ModelExists({ name, file: file.path })
  const added = addModel(text, name, columns)
  if ('missing' in added) throw new InvalidModelDescription({ word: added.missing, reason: `is no model of ${schemaFile} to refer to` })
  writeFileSync(join(options.root, schemaFile), added.text)
  mkdirSync(dirname(join(options.root, file.path)), { recursive: true })
  writeFileSync(join(options.root, file.path), file.text)
  printResult(options, { files: [schemaFile, file.path] }, () =>
    [
      ...(name === constantName(given) ? [] : [`${constantName(given)} is a plural: the model is called ${name}.`]),
      `changed  ${schemaFile}`,
      `wrote    ${file.path}`,
      '',
      `Now: regauge db:push, or regauge db:migrate --name create_${tableize(name)}`,
    ].join('\n'),
  )
}

const schemaFile = 'db/schema.prisma'

/** The class of a model, in the singular as Rails has it. */
function modelName(given: string): string {
  const name = constantName(given)
  if (!/^[A-Z]\w*$/.test(name)) throw new InvalidModelDescription({ word: given, reason: 'is no name for a model' })
  if (reserved.has(name)) throw new InvalidModelDescription({ word: given, reason: 'means something else already' })
  return name === pluralize(name) ? singularize(name) : name
}

/** Words of Prisma's language, and the class that models extend. */
const reserved = new Set('BigInt Boolean Bytes DateTime Decimal Float Int Json Model PrismaClient String Unsupported'.split(' '))

function readSchema(root: string): string {
  const file = join(root, schemaFile)
  if (!existsSync(file)) throw new SchemaMissing({ path: file })
  return readFileSync(file, 'utf8')
}

async function migration(name: string, options: DatabaseOptions): Promise<void> {
  const result = await (await tasksOf(options)).migrate({ name: underscore(name), draft: true })
  printResult(
    options,
    { created: result.created },
    () => `wrote    db/migrations/${result.created}\n\nComplete migration.sql and down.sql, then: regauge db:migrate`,
  )
}
