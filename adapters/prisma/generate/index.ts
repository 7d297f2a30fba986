export { CLIENT_CONFIG, type ClientConfig } from './client_config.ts'
export { replaceFolder, writeAtomically } from './atomic.ts'
export { type Generated, type GenerateOptions, generate } from './generate.ts'
export { readSchema, type SchemaFile, shown } from './schema_file.ts'
