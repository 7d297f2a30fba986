import { camelize } from '../../../../src/naming/index.ts'
import { bindModels, modelOf } from '../../../../src/model/index.ts'
import type { TestDatabase } from '../../../model/test_database.ts'
import { decode, decodeOptions, isPlain } from './values.ts'

/** One case of `validations.json`: what was declared and assigned, and what Rails answered. */
export interface Case {
  id: string
  kind?: string
  validations?: unknown[][]
  attributes?: Record<string, unknown>
  existing?: Record<string, unknown>[]
  persisted?: boolean
  associations?: [string, string, Record<string, unknown>][]
  enum?: Record<string, unknown>
  context?: string | string[]
  existing_teams?: Record<string, unknown>[]
  normalizes?: string[]
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

/** The tables of the recording. */
export const schema = `
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
  /// @decimal(10, 2)
  price Decimal?
  admin Boolean?
  active Boolean?
  /// @date
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
type Macros = Record<string, (...args: unknown[]) => void>

/** The classes of a case. */
export function classesFor(recorded: Case, test: TestDatabase) {
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
  for (const name of recorded.normalizes ?? []) macros['normalizes']!(name, { with: (value: string) => value.trim().toLowerCase() })
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
  } else if (macro === 'validates' || macro === 'validates!' || macro === 'validates_associated') {
    const options = decodeOptions((args.find(isPlain) ?? {}) as Record<string, unknown>)
    for (const condition of ['if', 'unless']) {
      if (shared[condition] !== undefined)
        options[condition] = [shared[condition], options[condition]].flat().filter((each) => each !== undefined)
    }
    if (macro === 'validates!') options['strict'] = true
    macros[camelize(macro.replace('!', ''), 'lower')]!(...args.filter((arg) => typeof arg === 'string'), options)
  } else if (macro === 'validates_each') {
    const [names, ops, options] = args as [string[], string[][], Record<string, unknown>?]
    macros['validatesEach']!(
      ...names,
      (record: Person, attribute: string) => {
        for (const [, message] of ops) record.errors.add(attribute, message)
      },
      decodeOptions(options ?? {}),
    )
  } else {
    const rule = /^validates_(\w+)_of$/.exec(macro as string)?.[1]
    if (rule === undefined) throw new Error(`unknown macro ${String(macro)}`)
    const options = decodeOptions((args.find(isPlain) ?? {}) as Record<string, unknown>)
    macros['validates']!(...args.filter((arg) => typeof arg === 'string'), { [rule]: Object.keys(options).length === 0 ? true : options })
  }
}

export type Person = InstanceType<ReturnType<typeof classesFor>['Person']>
