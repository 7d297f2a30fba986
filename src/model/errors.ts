import { ActiveRecordError, type ErrorDetails, RegaugeError, StatementInvalid } from '../errors/index.ts'
import type { Errors } from './validations/errors.ts'

/** A row that was asked for isn't there. `model` is the class name, as Rails' `e.model`. */
export class RecordNotFound extends ActiveRecordError<'REGAUGE_RECORD_NOT_FOUND'> {
  static override code = 'REGAUGE_RECORD_NOT_FOUND' as const
  get model(): string {
    return this.details.model ?? ''
  }
  get id(): unknown {
    return this.details.id
  }
  get primaryKey(): string | undefined {
    return this.details.primaryKey
  }
}

/** `sole` or `findSoleBy` found more than one record. */
export class SoleRecordExceeded extends ActiveRecordError<'REGAUGE_SOLE_RECORD_EXCEEDED'> {
  static override code = 'REGAUGE_SOLE_RECORD_EXCEEDED' as const
}

/** `saveOrThrow`, `createOrThrow` or `updateOrThrow` met a record that isn't valid. */
export class RecordInvalid extends ActiveRecordError<'REGAUGE_RECORD_INVALID'> {
  static override code = 'REGAUGE_RECORD_INVALID' as const
  /** The record, whose `errors` say what is wrong. */
  readonly record: InvalidRecord

  constructor(record: InvalidRecord) {
    super({ messages: record.errors.fullMessages, record })
    this.record = record
  }
}

/** The part of a record that error handlers need. */
export interface InvalidRecord {
  readonly errors: Errors
}

/** A callback halted a save. */
export class RecordNotSaved extends ActiveRecordError<'REGAUGE_RECORD_NOT_SAVED'> {
  static override code = 'REGAUGE_RECORD_NOT_SAVED' as const
  readonly record: object | undefined

  constructor(details: ErrorDetails<'REGAUGE_RECORD_NOT_SAVED'> | string) {
    super(details)
    this.record = this.details.record
  }
}

/** A callback halted a destroy. */
export class RecordNotDestroyed extends ActiveRecordError<'REGAUGE_RECORD_NOT_DESTROYED'> {
  static override code = 'REGAUGE_RECORD_NOT_DESTROYED' as const
  readonly record: object | undefined

  constructor(details: ErrorDetails<'REGAUGE_RECORD_NOT_DESTROYED'> | string) {
    super(details)
    this.record = this.details.record
  }
}

/** A unique index refused a row. */
export class RecordNotUnique extends StatementInvalid<'REGAUGE_RECORD_NOT_UNIQUE'> {
  static override code = 'REGAUGE_RECORD_NOT_UNIQUE' as const
}

/** An isolation was asked for inside of an open transaction, which has its own: Rails' `TransactionIsolationError`. */
export class TransactionIsolation extends ActiveRecordError<'REGAUGE_TRANSACTION_ISOLATION'> {
  static override code = 'REGAUGE_TRANSACTION_ISOLATION' as const
}

/** A column that takes no null was given none. */
export class NotNullViolation extends StatementInvalid<'REGAUGE_NOT_NULL_VIOLATION'> {
  static override code = 'REGAUGE_NOT_NULL_VIOLATION' as const
}

/** A foreign key refers to no row, or a row is still referred to: Rails' `InvalidForeignKey`. */
export class ForeignKeyViolation extends StatementInvalid<'REGAUGE_FOREIGN_KEY_VIOLATION'> {
  static override code = 'REGAUGE_FOREIGN_KEY_VIOLATION' as const
}

/** A check of the database refused a row. */
export class CheckViolation extends StatementInvalid<'REGAUGE_CHECK_VIOLATION'> {
  static override code = 'REGAUGE_CHECK_VIOLATION' as const
}

/** A text is longer than its column. */
export class ValueTooLong extends StatementInvalid<'REGAUGE_VALUE_TOO_LONG'> {
  static override code = 'REGAUGE_VALUE_TOO_LONG' as const
}

/** A number is beyond what its column holds: Rails' `ActiveRecord::RangeError`. */
export class OutOfRange extends StatementInvalid<'REGAUGE_OUT_OF_RANGE'> {
  static override code = 'REGAUGE_OUT_OF_RANGE' as const
}

/** A row was changed or deleted since the record was read. */
export class StaleObject extends ActiveRecordError<'REGAUGE_STALE_OBJECT'> {
  static override code = 'REGAUGE_STALE_OBJECT' as const
}

/** A validation declared with `strict: true` failed. */
export class StrictValidationFailed extends RegaugeError<'REGAUGE_STRICT_VALIDATION_FAILED'> {
  static override code = 'REGAUGE_STRICT_VALIDATION_FAILED' as const
}

/** `dependent: 'restrictWithException'` met dependents. */
export class DeleteRestricted extends ActiveRecordError<'REGAUGE_DELETE_RESTRICTED'> {
  static override code = 'REGAUGE_DELETE_RESTRICTED' as const
}

/** An attribute that `attrReadonly` protects was assigned to a saved record. */
export class ReadonlyAttribute extends ActiveRecordError<'REGAUGE_READONLY_ATTRIBUTE'> {
  static override code = 'REGAUGE_READONLY_ATTRIBUTE' as const
}

/** A destroyed or readonly record was written. */
export class ReadOnlyRecord extends ActiveRecordError<'REGAUGE_READ_ONLY_RECORD'> {
  static override code = 'REGAUGE_READ_ONLY_RECORD' as const
}

/** The schema has no such model. */
export class UnknownModel extends RegaugeError<'REGAUGE_UNKNOWN_MODEL'> {
  static override code = 'REGAUGE_UNKNOWN_MODEL' as const
}

/** A polymorphic association was used where a single table is needed: in joins. */
export class PolymorphicAssociation extends ActiveRecordError<'REGAUGE_POLYMORPHIC_ASSOCIATION'> {
  static override code = 'REGAUGE_POLYMORPHIC_ASSOCIATION' as const
}

/** The type column of a row names a class that isn't one below the model. */
export class SubclassNotFound extends ActiveRecordError<'REGAUGE_SUBCLASS_NOT_FOUND'> {
  static override code = 'REGAUGE_SUBCLASS_NOT_FOUND' as const
}

/** An association of a record that loads strictly was not included. */
export class StrictLoadingViolation extends ActiveRecordError<'REGAUGE_STRICT_LOADING_VIOLATION'> {
  static override code = 'REGAUGE_STRICT_LOADING_VIOLATION' as const
}

/** The model has no such association. */
export class UnknownAssociation extends RegaugeError<'REGAUGE_UNKNOWN_ASSOCIATION'> {
  static override code = 'REGAUGE_UNKNOWN_ASSOCIATION' as const
}

/** A query names a column that the model doesn't have. */
export class UnknownColumn extends StatementInvalid<'REGAUGE_UNKNOWN_COLUMN'> {
  static override code = 'REGAUGE_UNKNOWN_COLUMN' as const
}

/** An assignment names an attribute that the model doesn't have. */
export class UnknownAttribute extends RegaugeError<'REGAUGE_UNKNOWN_ATTRIBUTE'> {
  static override code = 'REGAUGE_UNKNOWN_ATTRIBUTE' as const
}

/** An attribute was read that `select()` left out. */
export class MissingAttribute extends RegaugeError<'REGAUGE_MISSING_ATTRIBUTE'> {
  static override code = 'REGAUGE_MISSING_ATTRIBUTE' as const
}

/** An enum attribute was given a value that isn't one of its members. */
export class InvalidEnumValue extends RegaugeError<'REGAUGE_INVALID_ENUM_VALUE'> {
  static override code = 'REGAUGE_INVALID_ENUM_VALUE' as const
}

/** `this.enum` names members that the column can't hold. */
export class InvalidEnum extends RegaugeError<'REGAUGE_INVALID_ENUM'> {
  static override code = 'REGAUGE_INVALID_ENUM' as const
}

/** Parameters that nobody permitted were assigned. */
export class ForbiddenAttributes extends RegaugeError<'REGAUGE_FORBIDDEN_ATTRIBUTES'> {
  static override code = 'REGAUGE_FORBIDDEN_ATTRIBUTES' as const
}

/** A model was used before `useDatabase`. */
export class NoDatabase extends RegaugeError<'REGAUGE_NO_DATABASE'> {
  static override code = 'REGAUGE_NO_DATABASE' as const
}

/** Statements were sent to a role or shard for which there is no database. */
export class ConnectionNotEstablished extends ActiveRecordError<'REGAUGE_CONNECTION_NOT_ESTABLISHED'> {
  static override code = 'REGAUGE_CONNECTION_NOT_ESTABLISHED' as const
}

/** Something was to be written where nothing may be: Rails' `ReadOnlyError`. */
export class WriteRefused extends ActiveRecordError<'REGAUGE_WRITE_REFUSED'> {
  static override code = 'REGAUGE_WRITE_REFUSED' as const
}

/** `connectsTo` names a database that the configuration doesn't have. */
export class UnknownDatabase extends RegaugeError<'REGAUGE_UNKNOWN_DATABASE'> {
  static override code = 'REGAUGE_UNKNOWN_DATABASE' as const
}

/** An abstract class was used as if it had a table. */
export class AbstractModelUsed extends RegaugeError<'REGAUGE_ABSTRACT_MODEL_USED'> {
  static override code = 'REGAUGE_ABSTRACT_MODEL_USED' as const
}

/** A condition names a table that the query doesn't join. */
export class MissingJoin extends StatementInvalid<'REGAUGE_MISSING_JOIN'> {
  static override code = 'REGAUGE_MISSING_JOIN' as const
}

/** `or()` or `merge()` met a relation of another model. */
export class IncompatibleRelations extends RegaugeError<'REGAUGE_INCOMPATIBLE_RELATIONS'> {
  static override code = 'REGAUGE_INCOMPATIBLE_RELATIONS' as const
}

/** A collection was iterated synchronously before it was loaded. */
export class AssociationNotLoaded extends ActiveRecordError<'REGAUGE_ASSOCIATION_NOT_LOADED'> {
  static override code = 'REGAUGE_ASSOCIATION_NOT_LOADED' as const
}

/** Records that one query read load an association one by one: `includes` would load it for all. */
export class RepeatedLoading extends RegaugeError<'REGAUGE_REPEATED_LOADING'> {
  static override code = 'REGAUGE_REPEATED_LOADING' as const
}

/** More nested attributes were given than `limit` allows. */
export class TooManyRecords extends ActiveRecordError<'REGAUGE_TOO_MANY_RECORDS'> {
  static override code = 'REGAUGE_TOO_MANY_RECORDS' as const
}

/** An argument that a method of the model layer can't work with. */
export class InvalidArgument extends RegaugeError<'REGAUGE_INVALID_ARGUMENT'> {
  static override code = 'REGAUGE_INVALID_ARGUMENT' as const
}

/** A callback or condition names a method that the class doesn't have. */
export class MissingModelMethod extends RegaugeError<'REGAUGE_MISSING_MODEL_METHOD'> {
  static override code = 'REGAUGE_MISSING_MODEL_METHOD' as const
}

/** Thrown inside of `transaction` to roll it back without an error for the caller.
 * @example await Article.transaction(async () => { throw new Rollback() })
 */
export class Rollback extends ActiveRecordError<'REGAUGE_ROLLBACK'> {
  static override code = 'REGAUGE_ROLLBACK' as const
  constructor(details: ErrorDetails<'REGAUGE_ROLLBACK'> | string = 'Rolled back.') {
    super(details)
  }
}

/** Parts of a day or time that a form sent can't be assigned to an attribute. */
export class AttributeAssignmentError extends ActiveRecordError<'REGAUGE_ATTRIBUTE_ASSIGNMENT'> {
  static override code = 'REGAUGE_ATTRIBUTE_ASSIGNMENT' as const
  get attribute(): string {
    return this.details.attribute ?? ''
  }
}

/** What went wrong where parts of days and times were assigned: an error for each attribute. */
export class MultiparameterAssignmentErrors extends ActiveRecordError<'REGAUGE_MULTIPARAMETER_ASSIGNMENT'> {
  static override code = 'REGAUGE_MULTIPARAMETER_ASSIGNMENT' as const
  readonly errors: readonly AttributeAssignmentError[]

  constructor(errors: readonly AttributeAssignmentError[]) {
    super({ messages: errors.map(({ message }) => message) })
    this.errors = errors
  }
}
