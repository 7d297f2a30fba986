import { prisma } from '../adapters.ts'
import { didYouMean } from '../../naming/index.ts'
import { type Configuration, schemaPathOf } from '../configuration.ts'
import { readConfiguration } from '../configure.ts'
import { environment } from '../environment.ts'
import { InvalidSetting } from '../errors.ts'
import { registerTypeScript } from '../loading/typescript.ts'

type Prisma = Awaited<ReturnType<typeof prisma>>
type SchemaTarget = Parameters<Prisma['migrate']['status']>[0]
type Protection = NonNullable<Parameters<Prisma['reset']>[0]['protection']>

/** What every change of the database may be told. */
interface ChangeOptions {
  acceptDataLoss?: boolean
  /** Called with the name of each migration when it is done. */
  onDone?: (name: string) => void
}

/** The tasks behind the `db:` commands, bound to the database that an application's configuration names. */
export interface DatabaseTasks {
  readonly url: string
  generate(): ReturnType<Prisma['generate']>
  create(): ReturnType<Prisma['create']>
  drop(): ReturnType<Prisma['drop']>
  push(options: { acceptDataLoss?: boolean }): ReturnType<Prisma['push']>
  /** Runs the pending migrations; with a name, writes one for what the schema has beyond them and runs that too, unless it is a draft. */
  migrate(options: ChangeOptions & { name?: string; draft?: boolean }): Promise<{ created: string | null; applied: readonly string[] }>
  rollback(options: ChangeOptions & { steps?: number }): ReturnType<Prisma['migrate']['rollback']>
  /** Lets migrations begin at a database that has its tables already. */
  baseline(options: { title?: string; acceptDrift?: boolean }): ReturnType<Prisma['migrate']['baseline']>
  /** Says of a migration that it was completed or undone by hand. */
  resolve(name: string, as: 'applied' | 'rolled_back'): Promise<void>
  status(): ReturnType<Prisma['migrate']['status']>
  /** What the schema has and the database lacks: `table orders`, `column orders.amount`. Nothing, when there is no database. */
  lacking(): Promise<readonly string[]>
  diff(from?: 'migrations' | 'database'): ReturnType<Prisma['migrate']['diff']>
  reset(): ReturnType<Prisma['reset']>
  /** Lets `work` read the catalogues of the database. */
  read<T>(work: (session: Parameters<Parameters<Prisma['readDatabase']>[1]>[0]) => Promise<T>): Promise<T>
}

/** Reads the configuration of the application in `root` and offers the tasks of its database, without loading the application.
 *
 * @param url takes the place of the configured one
 * @param name another database than the primary one, of `config.database.others`
 * @throws NoApplication; InvalidSetting for a name that isn't there, and for a replica
 */
export async function databaseTasks(root: string, env?: string, url?: string, name = 'primary'): Promise<DatabaseTasks> {
  const prismaTasks = await prisma() // before the hook of the next line, which slows every import down
  await registerTypeScript()
  const { name: environmentName } = environment(env)
  const { database } = await readConfiguration(root, environment(env))
  const target = { root, ...targetOf(database, name), ...(url !== undefined && { url }) }
  const protection = { environment: environmentName, protectedEnvironments: database.protectedEnvironments }
  return tasksOn(prismaTasks, target, protection)
}

function tasksOn(prismaTasks: Prisma, target: SchemaTarget, protection: Protection): DatabaseTasks {
  const { create, drop, generate, migrate, push, readDatabase, reset } = prismaTasks
  const lacking = async () => {
    if (!(await migrate.status(target)).hasDatabase) return []
    const metadata = await prismaTasks.loadMetadata(target.root, target.schemaPath)
    const database = await prismaTasks.openDatabase({ ...target, metadata, readOnly: true })
    try {
      return (await prismaTasks.schemaLag(database, { ...target, metadata })).missing
    } finally {
      await database.close()
    }
  }
  return {
    url: target.url,
    generate: () => generate(target),
    create: () => create(target),
    drop: () => drop({ ...target, protection }),
    push: (options) => push({ ...target, ...options, protection }),
    migrate: async ({ name, draft, acceptDataLoss, onDone }) =>
      name === undefined
        ? { created: null, ...(await migrate.apply({ ...target, protection, onApplied: onDone })) }
        : migrate.create({ ...target, name, draft, acceptDataLoss, protection, onApplied: onDone }),
    rollback: ({ steps, acceptDataLoss, onDone }) => migrate.rollback({ ...target, steps, acceptDataLoss, onRolledBack: onDone }),
    baseline: (options) => migrate.baseline({ ...target, ...options }),
    resolve: (name, as) => migrate.resolve({ ...target, name, as }),
    status: () => migrate.status(target),
    lacking,
    diff: (from) => migrate.diff({ ...target, ...(from !== undefined && { from }) }),
    reset: () => reset({ ...target, protection }),
    read: (work) => readDatabase(target, work),
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
