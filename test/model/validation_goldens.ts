import { isDeepStrictEqual } from 'node:util'
import { camelize } from '../../src/naming/index.ts'
import { bindModels, modelOf, range } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

/** One case of `validations.json`: what was declared and assigned, and what Rails answered. */
interface Case {
  id: string
  kind?: string
  validations?: unknown[][]
  attributes?: Record<string, unknown>
  existing?: Record<string, unknown>[]
  persisted?: boolean
  associations?: [string, string, Record<string, unknown>][]
  enum?: Record<string, unknown>
  context?: string
  call?: string
  show?: string[]
  ops?: [string, ...unknown[]][]
  results?: unknown[]
  returned?: unknown
  valid?: boolean
  full_messages?: string[]
  errors?: unknown
  details?: unknown
  values?: Record<string, unknown>
  error?: { class: string; message: string }
}

export interface ValidationsGolden {
  cases: Case[]
}

const schema = `
model Person {
  id Int @id @default(autoincrement())
  name String?
  nickname String?
  email String?
  code String?
  status String?
  bio String?
  age Int?
  kind Int?
  team_id Int?
  height Float?
  price Decimal?
  admin Boolean?
  active Boolean?
  born_on DateTime?
  starts_at DateTime?
  ends_at DateTime?
  wakes_at DateTime?
  meta Json?
  team Team? @relation(fields: [team_id], references: [id])
  pets Pet[]
  @@map("people")
}
model Team {
  id Int @id @default(autoincrement())
  title String?
  people Person[]
  @@map("teams")
}
model Pet {
  id Int @id @default(autoincrement())
  person_id Int?
  title String?
  person Person? @relation(fields: [person_id], references: [id])
  @@map("pets")
}
`

const Model = modelOf<{}>()

/** Plays every case and compares with what Rails answered. */
export async function run(golden: ValidationsGolden): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const test = await testDatabase(schema)
  const failed: { id: string; reason: string }[] = []
  try {
    for (const recorded of golden.cases) {
      const reason = await play(recorded, test).catch((error: Error) => error.stack ?? error.message)
      if (reason !== undefined) failed.push({ id: recorded.id, reason })
    }
  } finally {
    await test.close()
  }
  return { passed: golden.cases.length - failed.length, failed }
}

type Macros = Record<string, (...args: unknown[]) => void>

function classesFor(recorded: Case, test: TestDatabase) {
  class Team extends Model('Team') {
    static {
      this.validates('title', { presence: true })
    }
  }
  class Pet extends Model('Pet') {
    static {
      this.validates('title', { presence: true })
    }
  }
  class Person extends Model('Person') {}
  const macros = Person as unknown as Macros
  for (const [macro, name, options] of recorded.associations ?? []) macros[camelize(macro, 'lower')]!(name, decodeOptions(options))
  if (recorded.enum !== undefined) macros['enum']!('kind', { basic: 0, pro: 1 }, decodeOptions(recorded.enum))
  for (const declaration of recorded.validations ?? []) declareValidation(macros, declaration, {})
  bindModels([Person, Pet, Team], test.database, test.metadata)
  return { Person, Pet, Team }
}

function declareValidation(macros: Macros, [macro, ...args]: unknown[], shared: Record<string, unknown>): void {
  if (macro === 'with_options_context') {
    const [options, declarations] = args as [Record<string, unknown>, unknown[][]]
    for (const each of declarations) declareValidation(macros, each, decodeOptions(options))
  } else if (macro === 'validate') {
    const [ops, options] = args as [unknown[][], Record<string, unknown>?]
    macros['validate']!(
      (record: { errors: { add(...args: unknown[]): void } }) => {
        for (const [, ...op] of ops)
          record.errors.add(...(op.map((part) => (isPlain(part) && !('$sym' in part) ? decodeOptions(part) : decode(part))) as string[]))
      },
      decodeOptions(options ?? {}),
    )
  } else if (macro === 'validates' || macro === 'validates_associated') {
    const options = decodeOptions((args.find(isPlain) ?? {}) as Record<string, unknown>)
    for (const condition of ['if', 'unless']) {
      if (shared[condition] !== undefined)
        options[condition] = [shared[condition], options[condition]].flat().filter((each) => each !== undefined)
    }
    macros[camelize(macro, 'lower')]!(...args.filter((arg) => typeof arg === 'string'), options)
  } else if (macro === 'validates_each') {
    const [names, ops] = args as [string[], string[][]]
    macros['validatesEach']!(...names, (record: Person, attribute: string) => {
      for (const [, message] of ops) record.errors.add(attribute, message)
    })
  } else {
    const rule = /^validates_(\w+)_of$/.exec(macro as string)?.[1]
    if (rule === undefined) throw new Error(`unknown macro ${String(macro)}`)
    const options = decodeOptions((args.find(isPlain) ?? {}) as Record<string, unknown>)
    macros['validates']!(...args.filter((arg) => typeof arg === 'string'), { [rule]: Object.keys(options).length === 0 ? true : options })
  }
}

async function play(recorded: Case, test: TestDatabase): Promise<string | undefined> {
  await test.database.execute('delete from pets', [])
  await test.database.execute('delete from people', [])
  const thrown: unknown[] = []
  const { person, returned } = await outcomeOf(recorded, test).catch((error: unknown) => {
    thrown.push(error)
    return { person: undefined, returned: undefined }
  })
  if (recorded.error !== undefined) return compareError(recorded.error, thrown[0])
  if (thrown.length > 0) throw thrown[0]
  return compareOutcome(recorded, person!, returned)
}

type Person = InstanceType<ReturnType<typeof classesFor>['Person']>

async function outcomeOf(recorded: Case, test: TestDatabase): Promise<{ person: Person; returned: unknown }> {
  const { Person, Pet, Team } = classesFor(recorded, test)
  const rows: Person[] = []
  for (const attributes of recorded.existing ?? []) {
    const row = new Person(decodeAttributes(attributes))
    await row.save({ validate: false })
    rows.push(row)
  }
  const attributes = decodeAttributes(recorded.attributes ?? {})
  if (Array.isArray(attributes['pets'])) attributes['pets'] = attributes['pets'].map((each: object) => new Pet(each))
  if (isPlain(attributes['team'])) attributes['team'] = new Team(attributes['team'])
  const person = recorded.persisted ? (await Person.find(rows[0]!['id'] as number)).assign(attributes) : new Person(attributes)
  return { person, returned: await call(recorded, person) }
}

async function call(recorded: Case, person: Person): Promise<unknown> {
  if (recorded.kind === 'errors_api') return (recorded.ops ?? []).map(([method, ...args]) => errorsCall(person, method, args.map(decode)))
  switch (recorded.call) {
    case 'save':
      return person.save()
    case 'save!':
    case 'create!':
      return (await person.saveOrThrow()) === person
    case 'save_novalidate':
      return person.save({ validate: false })
    case 'invalid?':
      return person.isInvalid()
    case 'validate!':
      return person.validateOrThrow()
    default:
      return person.isValid(recorded.context)
  }
}

const errorMethods: Record<string, string> = {
  '[]': 'get',
  'include?': 'include',
  'key?': 'has',
  'added?': 'added',
  'of_kind?': 'isOfKind',
  'empty?': 'isEmpty',
  'any?': 'isAny',
  to_hash: 'toHash',
  as_json: 'asJson',
  to_a: 'toArray',
}

function errorsCall(person: Person, method: string, args: unknown[]): unknown {
  const name = errorMethods[method] ?? camelize(method, 'lower')
  const member: unknown = Reflect.get(person.errors, name)
  return typeof member === 'function' ? member.call(person.errors, ...args.map((arg) => (isPlain(arg) ? decodeOptions(arg) : arg))) : member
}

function compareError(expected: { class: string; message: string }, error: unknown): string | undefined {
  if (!(error instanceof Error)) return `no error, but ${expected.class}: ${expected.message}`
  const hasMessage = /RecordInvalid|StrictValidationFailed/.test(expected.class) || expected.message.includes('is not a valid')
  return hasMessage && error.message.replace(/\. Did you mean.*|\.$/, '') !== expected.message
    ? `error '${error.message}', not '${expected.message}'`
    : undefined
}

function compareOutcome(recorded: Case, person: Person, returned: unknown): string | undefined {
  const actual: Record<string, unknown> = {
    full_messages: person.errors.fullMessages,
    errors: person.errors.asJson(),
    details: comparable(person.errors.details),
  }
  const expected: Record<string, unknown> = {
    full_messages: recorded.full_messages,
    errors: recorded.errors,
    details: comparable(decode(recorded.details)),
  }
  if (typeof recorded.returned === 'boolean') {
    actual['returned'] = returned
    expected['returned'] = recorded.returned
  }
  for (const name of recorded.show ?? []) {
    const raw = name.replace('_before_type_cast', '')
    actual[name] = comparable(raw === name ? Reflect.get(person, name) : person.attributeBeforeTypeCast(raw))
    expected[name] = comparable(decode(recorded.values?.[name]))
  }
  for (const name of Object.keys(expected)) {
    if (!isDeepStrictEqual(actual[name], expected[name]))
      return `${name}: ${JSON.stringify(actual[name])}, not ${JSON.stringify(expected[name])}`
  }
  for (const [place, result] of (recorded.results ?? []).entries()) {
    const [wanted, got] = [comparable(decode(result)), comparable((returned as unknown[])[place])]
    if (recorded.ops?.[place]?.[0] !== 'clear' && !isPlain(result) && !isDeepStrictEqual(got, wanted))
      return `${String(recorded.ops?.[place])}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`
  }
  return undefined
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Dates and decimals as text and numbers; records as nothing. */
function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(comparable)
  if (isPlain(value))
    return '$record' in value ? 'record' : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]))
  if (typeof value === 'object' && value !== null) return 'toFixed' in value ? Number(value) : 'record'
  return value
}

function decodeAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, decode(value)]))
}

function decodeOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      camelize(key, 'lower'),
      key === 'if' || key === 'unless' ? decodeCondition(value) : decodeOption(value),
    ]),
  )
}

function decodeOption(value: unknown): unknown {
  return isPlain(value) && !Object.keys(value).some((key) => key.startsWith('$')) ? decodeOptions(value) : decode(value)
}

function decodeCondition(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeCondition)
  if (isPlain(value) && '$sym' in value) return (record: object) => Reflect.get(record, String(value['$sym']).replace('?', ''))
  return decode(value)
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (!isPlain(value)) return value
  if ('$sym' in value) return value['$sym']
  if ('$float' in value || '$decimal' in value) return Number(value['$float'] ?? value['$decimal'])
  if ('$time' in value) return new Date(String(value['$time']).replace(/(\.\d{3})\d*/, '$1'))
  if ('$date' in value) return new Date(`${String(value['$date'])}T00:00:00Z`)
  if ('$range' in value) {
    const [from, to, excludesEnd] = value['$range'] as [unknown, unknown, boolean]
    return range(decode(from) as number, decode(to) as number, { excludesEnd })
  }
  if ('$regexp' in value) {
    const [source, flags] = value['$regexp'] as [string, string]
    const isMultiline = /[$^]/.test(source)
    return new RegExp(
      source.replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\Z', '(?=\\n?$)'),
      `${flags.replace(/[^i]/g, '')}${isMultiline ? 'm' : ''}u`,
    )
  }
  if ('$attr_proc' in value) return (record: object) => Reflect.get(record, String(value['$attr_proc']))
  if ('$const_proc' in value) return () => decode(value['$const_proc'])
  if ('$msg_proc' in value)
    return (_record: unknown, data: Record<string, unknown>) =>
      `${data['model']}|${data['model']}|${data['attribute']}|${JSON.stringify(data['value'])}`
  if ('$symhash' in value) return decode(value['$symhash'])
  if ('$bigint' in value || '$int' in value) return Number(value['$bigint'] ?? value['$int'])
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]))
}
