import { type Application, type ClassInfo, typeScriptName, typeText, type ValueType } from '../ruby/translate/index.ts'
import type { SchemaRelations } from './schema_relations.ts'

/** What a file tells the compiler about its models beside the schema: associations that this doesn't know, and the members of enums.
 *
 * @returns the lines of a `declare module`; none when the schema says it all
 */
export function registeredTypes(classes: readonly ClassInfo[], application: Application, schema: SchemaRelations): string[] {
  const models = classes.filter(({ name, kind }) => kind === 'class' && application.isModel(name) && schema.has(typeScriptName(name)))
  const associations = models.flatMap((info) => member(info, associationTypes(info, application, schema)))
  const attributes = models.flatMap((info) => member(info, attributeTypes(info, application)))
  if (associations.length + attributes.length === 0) return []
  return [
    "declare module 'regauge' {",
    ...(associations.length > 0 ? ['interface Associations {', ...associations, '}'] : []),
    ...(attributes.length > 0 ? ['interface AttributeTypes {', ...attributes, '}'] : []),
    '}',
  ]
}

function member({ name }: ClassInfo, types: readonly string[]): string[] {
  return types.length === 0 ? [] : [`${typeScriptName(name)}: { ${types.join('; ')} }`]
}

function associationTypes(info: ClassInfo, application: Application, schema: SchemaRelations): string[] {
  const known = schema.get(typeScriptName(info.name))!
  const own = new Map(
    application.lineage(info.name).flatMap(({ associations }) => [...associations].map(([name, each]) => [name, each.many] as const)),
  )
  return [...own].flatMap(([name, many]) => {
    if (known.get(name) === many || !/^[a-z_]\w*$/i.test(name)) return []
    const targets = targetsOf(info, name, application, schema)
    if (targets.length === 0) return []
    return many ? [`${name}: ${targets[0]}[]`] : [`${name}: ${[...targets, 'null'].join(' | ')}`]
  })
}

/** The models that an association leads to: several for one that is polymorphic. */
function targetsOf(info: ClassInfo, name: string, application: Application, schema: SchemaRelations): string[] {
  const association = application.associationOf(info.name, name)!
  const classes = association.polymorphic ? application.classesBehind(name).map((each) => each.name) : [association.model]
  const names = classes.flatMap((each) => modelName(each, application, schema) ?? [])
  return [...new Set(names)].map((each) => `'${each}'`)
}

/** The model of a class: its own, or that of the class whose table it shares. */
function modelName(name: string | undefined, application: Application, schema: SchemaRelations): string | undefined {
  if (name === undefined) return undefined
  return application
    .lineage(name)
    .map((info) => typeScriptName(info.name))
    .find((each) => schema.has(each))
}

function attributeTypes(info: ClassInfo, application: Application): string[] {
  const columns = application.columnsOf(info.name)
  const all = new Map(application.lineage(info.name).flatMap(({ enums }) => [...enums]))
  const serialized = application
    .lineage(info.name)
    .flatMap(({ properties }) => [...properties].flatMap(([name, type]) => (type.isSerialized ? [name] : [])))
  const ofAnyShape = [...new Set(serialized)].filter((name) => columns?.has(name) && /^\w+$/.test(name)).map((name) => `${name}: Untyped`)
  const ofEnums = [...all].flatMap(([name, members]) => {
    const column = columns?.get(name)
    if (!column || !/^\w+$/.test(name)) return []
    const known = members.length > 0 ? members.map((each) => `'${each}'`) : ['string']
    return [`${name}: ${[...known, ...(column.isNullable ? ['null'] : [])].join(' | ')}`]
  })
  return [...ofEnums, ...ofAnyShape, ...[...(columns ?? [])].flatMap(([name, type]) => (all.has(name) ? [] : listType(name, type)))]
}

/** A column of lists, which a database without such keeps as JSON. */
function listType(name: string, type: ValueType): string[] {
  const written = type.kind === 'array' && /^\w+$/.test(name) ? typeText(type, () => undefined) : 'Untyped'
  return /Untyped/.test(written) ? [] : [`${name}: ${written}`]
}
