import { mock } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { ApplicationMessages, useMessages } from '../../../src/messages/index.ts'
import { classify } from '../../../src/naming/index.ts'
import { bindModels } from '../../../src/model/index.ts'
import { infoOf } from '../../../src/model/model_info.ts'
import { type NotificationEvent, subscribed } from '../../../src/notifications/index.ts'
import { type TestDatabase, testDatabase, testMysql, testPostgres } from '../../model/test_database.ts'
import type { GoldenResult } from '../golden_file.ts'
import { Evaluator, type Expression } from './queries/evaluator.ts'
import { type AnyModel, declareModels, type ModelSpec } from './queries/models.ts'
import { isRelation } from './queries/members.ts'
import { schemaOf, type Tables } from './queries/schema.ts'
import { shown } from './queries/shown.ts'

interface QueryCase {
  readonly id: string
  readonly ruby: string
  readonly unordered?: boolean
  readonly steps: readonly { readonly let: string | null; readonly expr: Expression }[]
  readonly results: readonly unknown[]
  readonly query_count: number
}
export interface QueriesGolden {
  readonly about: {
    readonly adapter: string
    readonly now: string
    readonly schema: Tables
    readonly fixtures: Record<string, Record<string, unknown>[]>
    readonly models: Record<string, ModelSpec>
  }
  readonly cases: readonly QueryCase[]
}

/** Plays the recorded queries on a database of our own with the recorded rows, and compares what they answer, what they throw,
 * and that they take no more statements. The text of the statements is ours to choose. */
export async function run(golden: QueriesGolden): Promise<GoldenResult> {
  const { about, cases } = golden
  const test = await databaseFor(about)
  useMessages(new ApplicationMessages('a secret of forty characters for the tests'))
  mock.timers.enable({ apis: ['Date'], now: new Date(about.now) })
  try {
    const classes = declareModels(about.models)
    bindModels(Object.values(classes) as never, test.database, test.metadata)
    const evaluator = new Evaluator(classes)
    const failed: { id: string; reason: string }[] = []
    for (const one of cases) {
      await loadFixtures(test.database, about, classes)
      const reason = await play(one, evaluator, test).catch((error: Error) => `runner: ${error.stack ?? error.message}`)
      if (reason !== undefined) failed.push({ id: one.id, reason: `${one.ruby}\n${reason}` })
    }
    return { passed: cases.length - failed.length, failed }
  } finally {
    mock.timers.reset()
    useMessages(undefined)
    await test.close()
  }
}

/** SQLite in a folder of its own, or a database on a server: that of TEST_POSTGRES_URL or TEST_MYSQL_URL, else the one on its usual port.
 * The recorded kind, unless GOLDENS_DATABASE names another. */
async function databaseFor({ adapter, schema }: QueriesGolden['about']): Promise<TestDatabase> {
  const kind = process.env['GOLDENS_DATABASE'] ?? (adapter.startsWith('sqlite') ? 'sqlite' : 'postgresql')
  if (kind === 'sqlite') return testDatabase(schemaOf(schema, 'sqlite'))
  if (kind === 'mysql') return testMysql(schemaOf(schema, 'mysql'), process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/test')
  const url = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
  const test = await testPostgres(schemaOf(schema, 'postgresql'), url)
  // Statistics that come halfway change plans, and with them the order of rows that no order was asked for.
  for (const table of Object.keys(schema)) await test.database.execute(`alter table ${table} set (autovacuum_enabled = false)`, [])
  return test
}

async function loadFixtures(
  database: TestDatabase['database'],
  { fixtures, schema }: QueriesGolden['about'],
  classes: Record<string, AnyModel>,
): Promise<void> {
  const { dialect } = database
  const isPostgres = dialect === 'postgres'
  const inserted = Object.keys(schema).filter((table) => database.statements.some((text) => text.startsWith(`insert into \`${table}\``)))
  // One transaction: a server that waits for its disk does so once.
  const transaction = await database.begin()
  if (isPostgres) await transaction.execute(`truncate ${Object.keys(schema).join(', ')} restart identity`, [])
  else for (const table of Object.keys(schema)) await transaction.execute(`delete from ${table}`, [])
  if (dialect === 'sqlite') await transaction.execute('delete from sqlite_sequence', [])
  for (const [table, rows] of Object.entries(fixtures)) {
    const { columns } = infoOf(classes[classify(table)] as never).schema
    for (const row of rows) {
      const given = columns.filter(({ name }) => row[name] !== undefined)
      const text = `insert into ${table} (${given.map(({ name }) => name).join(', ')}) values (${given.map((_, place) => (isPostgres ? `$${place + 1}` : '?')).join(', ')})`
      const values = given.map(({ name, type }) => type.serialize(type.cast(plain(row[name]))))
      await transaction.execute(text, values)
    }
    if (isPostgres) await transaction.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`, [])
  }
  await transaction.commit()
  // MySQL counts on from the rows that there are.
  if (dialect === 'mysql') for (const table of inserted) await database.execute(`alter table ${table} auto_increment = 1`, [])
}

function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$float' in value ? Number(value.$float) : value
}

async function play(one: QueryCase, evaluator: Evaluator, { database }: TestDatabase): Promise<string | undefined> {
  database.statements.length = 0
  // As the recorder, which didn't count what Rails asks of the schema.
  const ofSchema: NotificationEvent[] = []
  const listen = (event: NotificationEvent) => event.payload['name'] === 'SCHEMA' && ofSchema.push(event)
  const reason = await subscribed('sql.active_record', listen, () => playSteps(one, evaluator))
  if (reason !== undefined) return reason
  const statements = database.statements.filter((text) => !/^(?:begin|commit|rollback|savepoint|release)/i.test(text))
  const count = statements.length - ofSchema.length
  return count <= one.query_count ? undefined : `${count} statements, at most ${one.query_count}: ${statements.join('; ')}`
}

async function playSteps(one: QueryCase, evaluator: Evaluator): Promise<string | undefined> {
  const variables = new Map<string, unknown>()
  for (const [place, { let: name, expr }] of one.steps.entries()) {
    const expected = one.results[place]
    let got: unknown
    try {
      const { value } = await evaluator.play(expr, variables, one.ruby)
      if (name !== null) variables.set(name, value)
      if (name !== null && isRelation(value)) continue
      got = await shown(value)
    } catch (error) {
      if (isError(expected) && railsNames(error as Error).includes(expected.$error.class)) continue
      return `step ${place}: threw ${(error as Error).stack}\n expected ${JSON.stringify(expected)}`
    }
    if (isSql(expr) && typeof got === 'string') continue
    if (!isSame(got, expected, one.unordered === true))
      return `step ${place}: got ${JSON.stringify(got)}\n expected ${JSON.stringify(expected)}`
  }
  return undefined
}

function isError(value: unknown): value is { $error: { class: string } } {
  return typeof value === 'object' && value !== null && '$error' in value
}

function isSql(expression: Expression): boolean {
  return (
    typeof expression === 'object' &&
    expression !== null &&
    'chain' in expression &&
    (expression.chain as string[][]).at(-1)?.[0] === 'to_sql'
  )
}

function isSame(got: unknown, expected: unknown, isUnordered: boolean): boolean {
  const a = normal(got)
  const b = normal(expected)
  if (isDeepStrictEqual(a, b)) return true
  return isUnordered && Array.isArray(a) && Array.isArray(b) && isDeepStrictEqual(sorted(a), sorted(b))
}

function sorted(values: readonly unknown[]): unknown[] {
  return values.map((value) => JSON.stringify(value)).sort()
}

/** Ruby's symbols are texts here, and its integers and floats are numbers. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  if ('$sym' in value) return value.$sym
  if ('$float' in value) return Number(value.$float)
  if ('$int' in value) return value
  if ('$time' in value) return { $twz: [value.$time, 'Etc/UTC'] }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each)]))
}

/** What Rails raises where we throw an error of another name. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  DatabaseError: ['ActiveRecord::StatementInvalid'],
  DeleteRestricted: ['ActiveRecord::DeleteRestrictionError'],
  IncompatibleRelations: ['ArgumentError'],
  MissingJoin: ['ActiveRecord::StatementInvalid'],
  StaleObject: ['ActiveRecord::StaleObjectError'],
  ForeignKeyViolation: ['ActiveRecord::InvalidForeignKey'],
  InvalidArgument: [
    'ArgumentError',
    'NoMethodError',
    'RuntimeError',
    'ActiveRecord::ActiveRecordError',
    'ActiveRecord::IrreversibleOrderError',
    'ActiveRecord::PreparedStatementInvalid',
    'ActiveRecord::UnknownAttributeReference',
  ],
  InvalidEnumValue: ['ArgumentError'],
  MissingAttribute: ['ActiveModel::MissingAttributeError'],
  PolymorphicAssociation: ['ActiveRecord::EagerLoadPolymorphicError'],
  ReadOnlyRecord: ['ActiveRecord::ReadOnlyRecord', 'FrozenError'],
  StrictLoadingViolation: ['ActiveRecord::StrictLoadingViolationError'],
  UnknownAssociation: ['ActiveRecord::ConfigurationError', 'ActiveRecord::AssociationNotFoundError', 'ArgumentError'],
  UnknownAttribute: ['ActiveModel::UnknownAttributeError'],
  UnknownColumn: ['ActiveRecord::StatementInvalid', 'ActiveRecord::UnknownAttributeReference'],
}

function railsNames(error: Error): readonly string[] {
  const { name } = error.constructor
  return otherNames[name] ?? [`ActiveRecord::${name}`]
}
