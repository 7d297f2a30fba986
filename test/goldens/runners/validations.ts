import { isDeepStrictEqual } from 'node:util'
import { camelize } from '../../../src/naming/index.ts'
import { ValidationError } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../../model/test_database.ts'
import type { GoldenResult } from '../golden_file.ts'
import { type Case, classesFor, type Person, schema } from './validations/models.ts'
import { comparable, decode, decodeAttributes, decodeOptions, isPlain } from './validations/values.ts'

export interface ValidationsGolden {
  cases: Case[]
}

/** Plays every case and compares with what Rails answered. */
export async function run(golden: ValidationsGolden): Promise<GoldenResult> {
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

async function play(recorded: Case, test: TestDatabase): Promise<string | undefined> {
  await test.database.execute('delete from pets', [])
  await test.database.execute('delete from people', [])
  await test.database.execute('delete from teams', [])
  const thrown: unknown[] = []
  const { person, returned } = await outcomeOf(recorded, test).catch((error: unknown) => {
    thrown.push(error)
    return { person: undefined, returned: undefined }
  })
  if (recorded.error !== undefined) return compareError(recorded.error, thrown[0])
  if (thrown.length > 0) throw thrown[0]
  return compareOutcome(recorded, person!, returned)
}

async function outcomeOf(recorded: Case, test: TestDatabase): Promise<{ person: Person; returned: unknown }> {
  const { Person, Pet, Team } = classesFor(recorded, test)
  for (const attributes of recorded.existing_teams ?? []) await new Team(decodeAttributes(attributes)).save({ validate: false })
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
  const returned = await call(recorded, person)
  // Messages are made when they are read, and may be wrong themselves.
  void person.errors.fullMessages
  return { person, returned }
}

async function call(recorded: Case, person: Person): Promise<unknown> {
  if (recorded.kind === 'errors_api') return (recorded.ops ?? []).map(([method, ...args]) => errorsCall(person, method, args.map(decode)))
  switch (recorded.call) {
    case 'save':
      return person.save(recorded.context === undefined ? {} : { context: recorded.context })
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
  'blank?': 'isBlank',
  to_hash: 'toHash',
  as_json: 'asJson',
  to_a: 'toArray',
}

function errorsCall(person: Person, method: string, args: unknown[]): unknown {
  const name = errorMethods[method] ?? camelize(method, 'lower')
  const member: unknown = Reflect.get(person.errors, name)
  if (typeof member !== 'function') return member
  const answer: unknown = member.call(person.errors, ...args.map((arg) => (isPlain(arg) ? decodeOptions(arg) : arg)))
  return Array.isArray(answer) ? answer.map((each) => (each instanceof ValidationError ? each.fullMessage : each)) : answer
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
