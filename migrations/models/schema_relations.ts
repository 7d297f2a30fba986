import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { portSchema } from '../schema/port_schema.ts'

/** The models of the ported schema, each with its relations: whether they lead to many. */
export type SchemaRelations = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/** Reads what the port of the schema calls models and relations; empty where there is no `db/schema.rb`. */
export function schemaRelations(root: string): SchemaRelations {
  if (!existsSync(join(root, 'db/schema.rb'))) return new Map()
  const text = portSchema(root).files.find(({ path }) => path === 'db/schema.prisma')?.text ?? ''
  const bodies = [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => [name, body] as const)
  const models = new Set(bodies.map(([name]) => name))
  return new Map(bodies.map(([name, body]) => [name, new Map(relationsIn(body, models))]))
}

function relationsIn(body: string, models: ReadonlySet<string>): [name: string, isMany: boolean][] {
  return [...body.matchAll(/^ {2}(\w+) +(\w+)(\[\]|\?)?/gm)].flatMap(([, name = '', type = '', mark]) =>
    models.has(type) ? [[name, mark === '[]'] as [string, boolean]] : [],
  )
}
