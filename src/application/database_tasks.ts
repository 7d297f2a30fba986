import { prisma } from './adapters.ts'
import { didYouMean } from '../naming/index.ts'
import { type Configuration, schemaPathOf } from './configuration.ts'
import { readConfiguration } from './configure.ts'
import { environment } from './environment.ts'
import { InvalidSetting } from './errors.ts'
import { registerTypeScript } from './typescript.ts'

type Prisma = Awaited<ReturnType<typeof prisma>>

/** The tasks behind the `db:` commands, bound to the database that an application's configuration names. */
export interface DatabaseTasks {
  readonly url: string
  generate(): ReturnType<Prisma['generate']>
  push(options: { acceptDataLoss?: boolean }): ReturnType<Prisma['push']>
  /** Runs the pending migrations; with a name, writes one for what the schema has beyond them and runs that too. */
  migrate(options: { name?: string; acceptDataLoss?: boolean }): Promise<{ created: string | null; applied: readonly string[] }>
  status(): ReturnType<Prisma['migrate']['status']>
  diff(): ReturnType<Prisma['migrate']['diff']>
  reset(): ReturnType<Prisma['reset']>
}

/** Reads the configuration of the application in `root` and offers the tasks of its database, without loading the application.
 *
 * @param url takes the place of the configured one
 * @param name another database than the primary one, of `config.database.others`
 * @throws NoApplication; InvalidSetting for a name that isn't there, and for a replica
 */
export async function databaseTasks(root: string, env?: string, url?: string, name = 'primary'): Promise<DatabaseTasks> {
  const { generate, migrate, push, reset } = await prisma() // before the hook of the next line, which slows every import down
  await registerTypeScript()
  const { database } = await readConfiguration(root, environment(env))
  const target = { root, ...targetOf(database, name), ...(url !== undefined && { url }) }
  return {
    url: target.url,
    generate: () => generate(target),
    push: (options) => push({ ...target, ...options }),
    migrate: async ({ name, acceptDataLoss }) =>
      name === undefined ? { created: null, ...(await migrate.apply(target)) } : migrate.create({ ...target, name, acceptDataLoss }),
    status: () => migrate.status(target),
    diff: () => migrate.diff(target),
    reset: () => reset(target),
  }
}

/** Where a database is, and the file of its schema. */
function targetOf({ url, others }: Configuration['database'], name: string): { url: string; schemaPath?: string } {
  if (name === 'primary') return { url }
  const other = Object.hasOwn(others, name) ? others[name] : undefined
  const changeable = ['primary', ...Object.keys(others).filter((each) => others[each]!.replicaOf === undefined)]
  if (other === undefined || other.replicaOf !== undefined)
    throw new InvalidSetting({
      setting: `database.others.${name}`,
      value: other === undefined ? 'undefined' : `a replica of ${other.replicaOf}`,
      expected: `a database with a schema of its own, one of ${changeable.join(', ')}`,
      suggestion: didYouMean(name, changeable),
    })
  return { url: other.url, schemaPath: schemaPathOf(name, other) }
}
