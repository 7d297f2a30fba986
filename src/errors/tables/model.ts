import { didYouMeanText, row } from '../row.ts'

type Named = { model: string; suggestion?: string | undefined }

/** Errors of the model layer. */
export const modelErrors = {
  REGAUGE_UNKNOWN_MODEL: row(
    500,
    (d: Named) => `The schema has no model ${d.model}.${didYouMeanText(d.suggestion)}`,
    'Add the model to db/schema.prisma and run `regauge db:push`.',
  ),
  REGAUGE_UNKNOWN_ASSOCIATION: row(
    500,
    (d: Named & { association: string }) => `${d.model} has no association '${d.association}'.${didYouMeanText(d.suggestion)}`,
    'Declare it with belongsTo, hasOne or hasMany in the static block of the class, or as a relation field in db/schema.prisma.',
  ),
  REGAUGE_POLYMORPHIC_ASSOCIATION: row(
    500,
    (d: { model: string; association: string }) =>
      `${d.model}'s '${d.association}' is polymorphic, so no single table can be joined for it.`,
    'Preload it with includes(), or join one of its classes through an association of its own.',
  ),
  REGAUGE_SUBCLASS_NOT_FOUND: row(
    500,
    (d: { model: string; type: string }) => `The type column of ${d.model} says '${d.type}', which is no class below it.`,
    'Write the class, or import its file before the query.',
  ),
  REGAUGE_STRICT_LOADING_VIOLATION: row(
    500,
    (d: { model: string; association: string }) =>
      `${d.model} is marked for strict loading, so its '${d.association}' can't be loaded later.`,
    "Load it with the record: includes('…').",
  ),
  REGAUGE_UNKNOWN_COLUMN: row(
    500,
    (d: Named & { column: string }) => `${d.model} has no column '${d.column}'.${didYouMeanText(d.suggestion)}`,
    'Name a column or an association of the model; pass other SQL with sql(`…`).',
  ),
  REGAUGE_UNKNOWN_ATTRIBUTE: row(
    500,
    (d: Named & { attribute: string }) => `unknown attribute '${d.attribute}' for ${d.model}.${didYouMeanText(d.suggestion)}`,
    'Only columns, associations, virtual attributes and members with a setter can be assigned.',
  ),
  REGAUGE_ATTRIBUTE_ASSIGNMENT: row(
    500,
    (d: { attribute: string; values: string; reason: string }) => `error on assignment ${d.values} to ${d.attribute} (${d.reason})`,
  ),
  REGAUGE_MULTIPARAMETER_ASSIGNMENT: row(
    500,
    (d: { messages: readonly string[] }) =>
      `${d.messages.length} error(s) on assignment of multiparameter attributes [${d.messages.join(',')}]`,
    'A form sent parts of a day or time that make none; rescueFrom MultiparameterAssignmentErrors to answer it.',
  ),
  REGAUGE_MISSING_ATTRIBUTE: row(
    500,
    (d: { model: string; attribute: string }) => `missing attribute '${d.attribute}' for ${d.model}`,
    'The record was loaded with select() and without this column.',
  ),
  REGAUGE_INVALID_ENUM_VALUE: row(
    422,
    (d: { model: string; attribute: string; value: string; suggestion?: string | undefined }) =>
      `'${d.value}' is not a valid ${d.attribute}.${didYouMeanText(d.suggestion)}`,
  ),
  REGAUGE_INVALID_ENUM: row(
    500,
    (d: { model: string; attribute: string; reason: string }) => `The enum '${d.attribute}' of ${d.model}: ${d.reason}`,
    'The values of a mapping are what the column holds, and its keys the names that the application knows.',
  ),
  REGAUGE_FORBIDDEN_ATTRIBUTES: row(
    500,
    (d: { model: string }) => `The parameters given to ${d.model} were not permitted.`,
    "Name what may be assigned: params.require('article').permit('title', 'body').",
  ),
  REGAUGE_NO_DATABASE: row(
    500,
    (d: { model: string }) => `${d.model} was used before a database was set.`,
    'Boot the application first, or call useDatabase(database, metadata).',
  ),
  REGAUGE_CONNECTION_NOT_ESTABLISHED: row(
    500,
    (d: { name: string; role: string; shard: string; known: string }) =>
      `There is no database for the role '${d.role}' in the shard '${d.shard}' of the database ${d.name}; there are ${d.known}.`,
    "Name it in connectsTo({ database: { writing, reading } }), or in config.database.roles for the application's own.",
  ),
  REGAUGE_WRITE_REFUSED: row(
    500,
    (d: { sql: string }) => `Write query attempted while in readonly mode: ${d.sql}`,
    "Write outside of connectedTo({ role: 'reading' }) and whilePreventingWrites, or inside of connectedTo({ role: 'writing' }).",
  ),
  REGAUGE_UNKNOWN_DATABASE: row(
    500,
    (d: { name: string; suggestion?: string | undefined }) =>
      `The configuration has no database '${d.name}'.${didYouMeanText(d.suggestion)}`,
    'Add it to config.database.others, or mend the name in connectsTo or config.database.roles.',
  ),
  REGAUGE_ABSTRACT_MODEL_USED: row(500, (d: { model: string }) => `${d.model} is abstract: it has no table.`, 'Use a class below it.'),
  REGAUGE_MISSING_JOIN: row(
    500,
    (d: { model: string; path: string }) => `The query on ${d.model} names '${d.path}' without joining it.`,
    "Add joins('…'), leftJoins('…') or includes('…') for it.",
  ),
  REGAUGE_INCOMPATIBLE_RELATIONS: row(
    500,
    (d: { model: string; other: string }) => `or() needs two relations on the same model: ${d.model} and ${d.other} differ.`,
  ),
  REGAUGE_ASSOCIATION_NOT_LOADED: row(
    500,
    (d: { model: string; association: string }) => `${d.model}'s '${d.association}' is not loaded, so it can't be read without await.`,
    "Load it with includes('…'), or await it first.",
  ),
  REGAUGE_REPEATED_LOADING: row(
    500,
    (d: { model: string; association: string; place?: string | undefined }) =>
      `${d.model}.${d.association} is loaded record by record${d.place === undefined ? '' : ` (${d.place})`}: load it with includes('${d.association}').`,
  ),
  REGAUGE_TOO_MANY_RECORDS: row(
    422,
    (d: { limit: number; given: number }) => `Maximum ${d.limit} records are allowed. Got ${d.given} records instead.`,
  ),
  REGAUGE_INVALID_ARGUMENT: row(500, (d: { reason: string }) => d.reason),
  REGAUGE_RECORD_NOT_FOUND: row(
    404,
    (d: { model: string; condition?: string | undefined; id?: unknown; primaryKey?: string | undefined }) =>
      d.condition !== undefined
        ? `Couldn't find ${d.model} with ${d.condition}`
        : `Couldn't find ${d.model}${d.id === null ? ' without an ID' : ''}`,
  ),
  REGAUGE_SOLE_RECORD_EXCEEDED: row(
    500,
    (d: { model: string }) => `Wanted only one ${d.model}`,
    'sole() and findSoleBy() find the only record that there is: narrow the query, or take one of several with first().',
  ),
  REGAUGE_RECORD_INVALID: row(422, (d: { messages: readonly string[]; record?: object }) => `Validation failed: ${d.messages.join(', ')}`),
  REGAUGE_RECORD_NOT_SAVED: row(422, (d: { reason: string; record?: object }) => d.reason),
  REGAUGE_RECORD_NOT_DESTROYED: row(422, (d: { reason: string; record?: object }) => d.reason),
  REGAUGE_RECORD_NOT_UNIQUE: row(
    409,
    (d: { table: string; reason: string }) => `A row of ${d.table} with the same value exists: ${d.reason}`,
  ),
  REGAUGE_NOT_NULL_VIOLATION: row(500, (d: { table: string; reason: string }) => `A row of ${d.table} lacks a value: ${d.reason}`),
  REGAUGE_FOREIGN_KEY_VIOLATION: row(
    500,
    (d: { table: string; reason: string }) => `A row of ${d.table} refers to none, or is referred to: ${d.reason}`,
  ),
  REGAUGE_CHECK_VIOLATION: row(500, (d: { table: string; reason: string }) => `A check of ${d.table} refused a row: ${d.reason}`),
  REGAUGE_VALUE_TOO_LONG: row(500, (d: { table: string; reason: string }) => `A value of ${d.table} is too long: ${d.reason}`),
  REGAUGE_OUT_OF_RANGE: row(500, (d: { table: string; reason: string }) => `A number of ${d.table} is out of range: ${d.reason}`),
  REGAUGE_STALE_OBJECT: row(
    409,
    (d: { model: string; action: string }) => `Attempted to ${d.action} a stale object: ${d.model}.`,
    'Somebody else changed the row. Read it again, and ask the user what shall become of the change.',
  ),
  REGAUGE_TRANSACTION_ISOLATION: row(
    500,
    (d: { isolation: string; isJoined: boolean }) =>
      `cannot set ${d.isJoined ? 'isolation when joining a transaction' : 'transaction isolation in a nested transaction'}`,
    'Say the isolation where the outermost transaction is opened.',
  ),
  REGAUGE_STRICT_VALIDATION_FAILED: row(422, (d: { message: string }) => d.message),
  REGAUGE_DELETE_RESTRICTED: row(409, (d: { association: string }) => `Cannot delete record because of dependent ${d.association}`),
  REGAUGE_READ_ONLY_RECORD: row(500, (d: { model: string }) => `${d.model} is marked as readonly`),
  REGAUGE_READONLY_ATTRIBUTE: row(
    500,
    (d: { model: string; attribute: string }) => `${d.attribute} of ${d.model} is readonly, and the record is saved already`,
    'Assign it when the record is made, or take it out of attrReadonly.',
  ),
  REGAUGE_ROLLBACK: row(500, (d: { reason: string }) => d.reason, 'Ends a transaction quietly; outside of one it has nothing to end.'),
  REGAUGE_CALLBACK_ABORTED: row(500, (d: { reason: string }) => d.reason, 'abort() halts a callback chain; call it inside of a callback.'),
  REGAUGE_MISSING_MODEL_METHOD: row(
    500,
    (d: Named & { method: string; used: string }) =>
      `${d.model} has no method '${d.method}', named by ${d.used}.${didYouMeanText(d.suggestion)}`,
    'Write the method, or mend its name in the static block of the class.',
  ),
} as const
