import { createHash } from 'node:crypto'
import { classify, demodulize, foreignKey } from '../../src/naming/index.ts'
import { RubyHash, RubySymbol } from '../ruby/index.ts'
import { columnsOf, scalarOf } from './build_models.ts'
import { type PrismaField, prismaString } from './prisma.ts'
import { type RelationNames, relationNames } from './relation_names.ts'
import { fieldName, primaryKeyOf, type SchemaPort } from './schema_port.ts'
import { type Column, type ForeignKey, isRequired, type Table, textOption } from './structure.ts'

/** A foreign key that becomes a pair of relation fields. */
export interface Relation {
  readonly child: Table
  readonly parent: Table
  readonly columns: readonly string[]
  readonly references: readonly string[]
  readonly key: ForeignKey
  /** Prisma doesn't look after its foreign key: the database has none, or its columns have another type than the key they point at. */
  readonly unenforced: boolean
}

/** Finds the relations: the schema's foreign keys, and what models belong to without one. Their columns take the type of the key they point at. */
export function planRelations(port: SchemaPort): Relation[] {
  const declared = port.structure.foreignKeys.flatMap((key) => relationOf(key, port) ?? [])
  const relations = [...withoutRepeated(declared, port), ...undeclaredKeys(port, declared).flatMap((key) => relationOf(key, port) ?? [])]
  return relations.flatMap((relation) => followKeyTypes(relation, port) ?? [])
}

/** Adds the two fields of each relation to its models. */
export function addRelations(relations: readonly Relation[], port: SchemaPort): void {
  const usable = relations.filter((relation) => {
    if (![relation.child, relation.parent].some(({ name }) => port.ignored.has(name))) return true
    leave(relation.key, 'one of its tables has no key', port)
    return false
  })
  const names = relationNames(usable, port)
  for (const [index, relation] of usable.entries()) addFields(relation, names[index]!, usable, port)
}

/** A foreign key that is declared twice is one relation. */
function withoutRepeated(relations: readonly Relation[], port: SchemaPort): Relation[] {
  const known = new Map<string, Relation>()
  for (const relation of relations) {
    const id = `${relation.child.name}.${relation.columns.join()}`
    const first = known.get(id)
    if (!first) known.set(id, relation)
    else if (first.parent === relation.parent)
      port.report(relation.key.line, `add_foreign_key ${id}`, 'note', 'the same foreign key was declared before')
    else leave(relation.key, 'its column points at another table already', port)
  }
  return [...known.values()]
}

function relationOf(key: ForeignKey, port: SchemaPort): Relation | undefined {
  const child = port.structure.tables.find(({ name }) => name === key.from)
  const parent = port.structure.tables.find(({ name }) => name === key.to)
  if (!child || !parent) return void leave(key, `the schema has no table ${child ? key.to : key.from}`, port)
  const references = key.primaryKey.length > 0 ? key.primaryKey : primaryKeyOf(parent)
  const isKey =
    references.join() === primaryKeyOf(parent).join() || uniqueColumns(parent).some((columns) => columns.join() === references.join())
  if (!isKey || references.length !== key.columns.length) return void leave(key, 'it points at columns that are no key', port)
  const missing = key.columns.find((column) => !columnsOf(child).some(({ name }) => name === column))
  if (missing !== undefined) return void leave(key, `${child.name} has no column ${missing}`, port)
  return { child, parent, columns: key.columns, references, key, unenforced: key.options.has('inferred') }
}

/** `belongs_to` of models whose column has no foreign key in the database. */
function undeclaredKeys(port: SchemaPort, declared: readonly Relation[]): ForeignKey[] {
  const known = new Set(declared.map(({ child, columns }) => `${child.name}.${columns.join()}`))
  const keys = keysOfModels(port, known)
  return [...keys, ...keysBetween(port, known)]
}

/** `has_and_belongs_to_many` of tables whose rows between have no foreign keys. */
function keysBetween(port: SchemaPort, known: Set<string>): ForeignKey[] {
  return port.structure.tables.flatMap(({ name: table }) =>
    port.modelTables.associationsOf(table).flatMap(({ model, association }) => {
      const target = association.kind === 'has_and_belongs_to_many' ? port.modelTables.targetOf(model, association) : undefined
      if (target === undefined) return []
      const name = textOption(association.options, 'join_table') ?? joinTable(table, target)
      const between = port.structure.tables.find((each) => each.name === name)
      const own = textOption(association.options, 'foreign_key') ?? foreignKey(demodulize(model.name))
      const other =
        textOption(association.options, 'association_foreign_key') ??
        foreignKey(demodulize(textOption(association.options, 'class_name') ?? classify(association.name)))
      const sides = [
        { column: own, to: table },
        { column: other, to: target },
      ]
      return sides.flatMap(({ column, to }) => {
        const id = `${name}.${column}`
        if (!between || known.has(id) || !between.columns.some((each) => each.name === column)) return []
        known.add(id)
        const reason = `${association.file}:${association.line} declares it, and the database has no foreign key: a relation marked @noForeignKey`
        port.report(between.line, `${id} has_and_belongs_to_many :${association.name}`, 'note', reason)
        return [inferredKey(name, to, column, between.line)]
      })
    }),
  )
}

/** The names of both tables in order, a prefix that they share but once. */
function joinTable(...tables: [string, string]): string {
  return tables
    .toSorted()
    .join('\0')
    .replace(/^(.*[._])(.+)\0\1(.+)/, '$1$2_$3')
    .replace('\0', '_')
}

function inferredKey(from: string, to: string, column: string, line: number): ForeignKey {
  return { from, to, columns: [column], primaryKey: [], options: new RubyHash([[new RubySymbol('inferred'), true]]), line }
}

function keysOfModels(port: SchemaPort, known: Set<string>): ForeignKey[] {
  return port.structure.tables.flatMap((table) =>
    port.modelTables.associationsOf(table.name).flatMap(({ model, association }) => {
      const target = association.kind === 'belongs_to' ? port.modelTables.targetOf(model, association) : undefined
      const column = textOption(association.options, 'foreign_key') ?? `${association.name}_id`
      const id = `${table.name}.${column}`
      const isColumn = table.columns.some(({ name, options }) => name === column && !options.get('array'))
      if (target === undefined || known.has(id) || !isColumn || association.options.has('primary_key')) return []
      known.add(id)
      const reason = `${association.file}:${association.line} declares it, and the database has no foreign key: a relation marked @noForeignKey`
      port.report(table.line, `${table.name}.${column} belongs_to :${association.name}`, 'note', reason)
      return [inferredKey(table.name, target, column, table.line)]
    }),
  )
}

/** Gives the fields the type of the key that their columns point at; undefined, with the key as SQL, when they can't have it. In the database
 * the columns keep their own type, but on SQLite, where all whole numbers are of one. */
function followKeyTypes(relation: Relation, port: SchemaPort): Relation | undefined {
  const { child, parent, columns, references, key } = relation
  const pairs = columns.map((name, index) => {
    const column = columnNamed(child, name)
    const target = columnNamed(parent, references[index]!)
    return { column, own: scalarOf(column, child, port).type, wanted: scalarOf(target, parent, port).type }
  })
  const different = pairs.filter(({ own, wanted }) => own !== wanted)
  if (different.some(({ own, wanted }) => ![own, wanted].every((type) => type === 'Int' || type === 'BigInt'))) {
    return void leave(key, 'its columns have another type than the key they point at', port)
  }
  for (const { column, wanted } of different) port.keyTypes.set(`${child.name}.${column.name}`, wanted)
  if (port.provider === 'sqlite' || relation.unenforced) return relation
  const [first] = different
  const reason = first
    ? `its columns are ${first.own} and the key they point at ${first.wanted}, which Prisma doesn't allow`
    : onlySqlCan(relation, port)
  if (reason === undefined) return relation
  leave(key, reason, port)
  return { ...relation, unenforced: true }
}

function addFields(relation: Relation, names: RelationNames, all: readonly Relation[], port: SchemaPort): void {
  const { child, parent, columns, references, key, unenforced } = relation
  const [childModel, parentModel] = [port.models.get(child.name)!, port.models.get(parent.name)!]
  const fields = columns.map((column) => fieldName({ name: column }))
  const required = columns.every((column) => primaryKeyOf(child).includes(column) || isRequired(columnNamed(child, column)))
  const isAmbiguous = child === parent || all.filter((other) => samePair(other, relation)).length > 1
  const name = isAmbiguous ? `${child.name}_${names.child}` : undefined
  const attribute = [
    ...(name === undefined ? [] : [prismaString(name)]),
    `fields: [${fields.join(', ')}]`,
    `references: [${references.map((column) => fieldName({ name: column })).join(', ')}]`,
    `onDelete: ${action(key, 'on_delete', required, port)}`,
    `onUpdate: ${action(key, 'on_update', required, port)}`,
    ...(port.provider === 'sqlite' || unenforced ? [] : [port.mapName(key.line, child.name, keyName(key)) ?? []].flat()),
  ]
  childModel.relations.push({
    name: names.child,
    type: `${parentModel.name}${required ? '' : '?'}`,
    attributes: [`@relation(${attribute.join(', ')})`],
    ...(unenforced ? { documentation: '@noForeignKey' } : {}),
  })
  const back: PrismaField = {
    name: names.parent,
    type: `${childModel.name}${names.single ? '?' : '[]'}`,
    attributes: name === undefined ? [] : [`@relation(${prismaString(name)})`],
  }
  parentModel.relations.push(back)
  if (!unenforced) port.report(key.line, `add_foreign_key ${key.from} → ${key.to}`, 'ported')
}

const actions: Record<string, string> = { cascade: 'Cascade', nullify: 'SetNull', restrict: 'Restrict', set_default: 'SetDefault' }

/** Rails leaves a foreign key without an action to the database, which does nothing; Prisma would cascade updates. */
function action(key: ForeignKey, option: 'on_delete' | 'on_update', required: boolean, port: SchemaPort): string {
  const chosen = actions[textOption(key.options, option) ?? ''] ?? 'NoAction'
  if (chosen !== 'SetNull' || !required) return chosen
  if (port.provider !== 'sqlite') return 'NoAction' // SQL says it
  port.report(
    key.line,
    `add_foreign_key ${key.from} → ${key.to}`,
    'note',
    `${option}: :nullify on a column that can't be null; it does nothing here`,
  )
  return 'NoAction'
}

/** The foreign key's name, or the one Rails gives it. */
function keyName(key: ForeignKey): string {
  const given = textOption(key.options, 'name')
  if (given !== undefined) return given
  return `fk_rails_${createHash('sha256')
    .update(`${key.from}_${key.columns.join('_')}_fk`)
    .digest('hex')
    .slice(0, 10)}`
}

/** A foreign key that Prisma can't look after: as SQL, as Rails makes it. */
function leave(key: ForeignKey, reason: string, port: SchemaPort): void {
  const construct = `foreign key ${key.from}.${key.columns.join()} → ${key.to}`
  if (key.options.has('inferred')) {
    port.report(key.line, construct, 'left', `${reason}; the association has no relation`)
    return
  }
  port.addSql(key.line, construct, foreignKeySql(key, port), reason)
}

const sqlActions: Record<string, string> = { cascade: 'CASCADE', nullify: 'SET NULL', restrict: 'RESTRICT', set_default: 'SET DEFAULT' }

function foreignKeySql(key: ForeignKey, port: SchemaPort): string {
  const quoted = (names: readonly string[]) => names.map((name) => port.quote(name)).join(', ')
  const references = key.primaryKey.length > 0 ? key.primaryKey : ['id']
  const actionOn = (event: 'DELETE' | 'UPDATE') => {
    const chosen = sqlActions[textOption(key.options, `on_${event.toLowerCase()}`) ?? '']
    return chosen === undefined ? [] : [`ON ${event} ${chosen}`]
  }
  const deferrable = textOption(key.options, 'deferrable')
  return `${[
    `ALTER TABLE ${port.quote(key.from)} ADD CONSTRAINT ${port.quote(keyName(key))} FOREIGN KEY (${quoted(key.columns)})`,
    `REFERENCES ${port.quote(key.to)} (${quoted(references)})`,
    ...actionOn('DELETE'),
    ...actionOn('UPDATE'),
    ...(deferrable === undefined ? [] : [`DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`]),
    ...(key.options.get('validate') === false ? ['NOT VALID'] : []),
  ].join(' ')};`
}

/** Why only SQL can make a foreign key that has a relation; undefined when Prisma can. */
function onlySqlCan({ child, columns, key }: Relation, port: SchemaPort): string | undefined {
  if (port.provider === 'sqlite') return undefined
  if (port.provider === 'postgresql' && textOption(key.options, 'deferrable') !== undefined) return 'a foreign key that is checked later'
  if (port.provider === 'postgresql' && key.options.get('validate') === false) return 'a foreign key that holds for new rows only'
  const nullifies = ['on_delete', 'on_update'].some((option) => textOption(key.options, option) === 'nullify')
  const required = columns.every((column) => primaryKeyOf(child).includes(column) || isRequired(columnNamed(child, column)))
  return nullifies && required ? 'a foreign key that nullifies a column that must have a value' : undefined
}

function samePair(left: Relation, right: Relation): boolean {
  return (left.child === right.child && left.parent === right.parent) || (left.child === right.parent && left.parent === right.child)
}

function columnNamed(table: Table, name: string): Column {
  return columnsOf(table).find((column) => column.name === name)!
}

/** The sets of columns that a whole, unconditional unique index covers. */
export function uniqueColumns(table: Table): (readonly string[])[] {
  return table.indexes
    .filter(({ options, expression }) => options.get('unique') === true && !options.has('where') && expression === undefined)
    .map(({ columns }) => columns)
}
