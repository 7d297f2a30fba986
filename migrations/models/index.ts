export { type Association, type AssociationKind, associationOption, type ModelClass, readModels } from './read_models.ts'
export { foreignKeyOf, ModelTables } from './tables_of_models.ts'
export { portModels } from './port_models.ts'
