export type { AssociationKind, AssociationOptions, Dependent } from './associations/declaration.ts'
export {
  type DependentsQueue,
  destroyDependents,
  type LeftDependents,
  releaseDependentsQueue,
  useDependentsQueue,
} from './associations/destroy_later.ts'
export { type Binding, bindModels, currentBinding, registeredModels, registerModels, releaseDatabase, useDatabase } from './binding.ts'
export { Arel, sql } from './arel/arel.ts'
export type { Attribute as ArelAttribute } from './arel/attribute.ts'
export type { Condition as ArelCondition, Expression as ArelExpression, SqlLiteral } from './arel/expression.ts'
export type { ArelTable } from './arel/table.ts'
export { AbstractModel } from './abstract_model.ts'
export { connectedTo, whilePreventingWrites } from './connections/connected_to.ts'
export { withoutQueryCache, withQueryCache } from './query_cache.ts'
export type { ConnectingOptions } from './connections/connecting.ts'
export type { ConnectsToOptions, Roles } from './connections/connects_to.ts'
export { type NamedDatabase, useDatabases } from './connections/use_databases.ts'
export { checkModels, isModelClass } from './check_models.ts'
export type { Changes, Codec, Database, Dialect, ResultSet, SqlValue, Transaction } from './database.ts'
export * from './errors.ts'
export { type ListedCallback, listCallbacks } from './list_callbacks.ts'
export type { FieldMetadata, ModelMetadata, SchemaMetadata } from './metadata.ts'
export { FormModel } from './form_model.ts'
export { Model, type ModelFunction, modelOf } from './model.ts'
export type { PasswordAlgorithm, PasswordAlgorithmName } from './security/password_algorithm.ts'
export { Range, range } from './range.ts'
export * from './encryption/index.ts'
export { type GlobalIdParams, type GlobalIdParts, globalIdOf, parseGlobalId, useGlobalIdApplication } from './global_id/global_id.ts'
export { type LocateOptions, locateRecord, locateRecords } from './global_id/locator.ts'
export { locateManySigned, locateSigned, type SignedGlobalIdOptions } from './global_id/signed_global_id.ts'
export { isRecord } from './record/attribute_access.ts'
export { Preloader, type PreloaderOptions } from './relation/preload_records.ts'
export * from './register.ts'
export type { SqlFragment } from './sql/fragment.ts'
export { openTransactionOn } from './transactions/open_transaction.ts'
export { TransactionHandle } from './transactions/transaction_handle.ts'
export { inTransaction, type TransactionOptions, type TransactionWork } from './transactions/transaction.ts'
export * from './types.ts'
export { Errors, ValidationError } from './validations/errors.ts'
export { releaseStrictLoadingReaction, type StrictLoadingReaction, useStrictLoadingReaction } from './associations/strict_loading.ts'
export {
  currentLocale,
  releaseTranslations,
  type Texts,
  type Translations,
  useTranslations,
  translate,
  withLocale,
} from './validations/translations.ts'
export { EachValidator, registerValidator, type ValidatedLike, Validator } from './validations/custom_validator.ts'
export type { CustomType, TypeName } from './attributes/custom_type.ts'
export { ValueType } from './attributes/value_type.ts'
export {
  releaseRepeatedLoadingReaction,
  type RepeatedLoadingReaction,
  useRepeatedLoadingReaction,
} from './associations/repeated_loading.ts'
