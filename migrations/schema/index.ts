export { addModel, modelFile, type NewColumn, newColumn } from './new_model.ts'
export type { Provider } from './prisma.ts'
export { portSchema, pullSchema } from './port_schema.ts'
export type { CatalogueQuery } from './pull/catalogue.ts'
