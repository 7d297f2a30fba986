import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { portSchema } from '../schema/port_schema.ts'
import type { Provider } from '../schema/prisma.ts'

/** The models of the ported schema, each with its relations: whether they lead to many. */
export type SchemaRelations = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/** What the port of the schema makes of the tables. */
export interface PortedSchema {
  readonly relations: SchemaRelations
  /** The columns that hold numbers rather than a `bigint`, by table: on some databases keys do, and what points at them. */
  readonly numbers: ReadonlyMap<string, ReadonlySet<string>>
}

/** Reads what the port of the schema calls models, relations and columns; empty where there is no `db/schema.rb`. */
export function portedSchema(root: string, provider: Provider): PortedSchema {
  if (!existsSync(join(root, 'db/schema.rb'))) return { relations: new Map(), numbers: new Map() }
  const text = portSchema(root, provider).files.find(({ path }) => path === 'db/schema.prisma')?.text ?? ''
  const bodies = [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => [name, body] as const)
  const models = new Set(bodies.map(([name]) => name))
  return {
    relations: new Map(bodies.map(([name, body]) => [name, new Map(relationsIn(body, models))])),
    numbers: new Map(bodies.map(([name, body]) => [/@@map\("(.*?)"\)/.exec(body)?.[1] ?? name, new Set(numbersIn(body))])),
  }
}

function relationsIn(body: string, models: ReadonlySet<string>): [name: string, isMany: boolean][] {
  return [...body.matchAll(/^ {2}(\w+) +(\w+)(\[\]|\?)?/gm)].flatMap(([, name = '', type = '', mark]) =>
    models.has(type) ? [[name, mark === '[]'] as [string, boolean]] : [],
  )
}

function numbersIn(body: string): string[] {
  return [...body.matchAll(/^ {2}(\w+) +Int\b/gm)].map(([, name = '']) => name)
}
