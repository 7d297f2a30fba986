export { BrokenRuby, MissingSource, UnexpectedRuby, UnwritableOutput } from './errors.ts'
export { portModels } from './models/index.ts'
export { type PortedFileResult, type PortedFileStatus, type PortOptions, type PortResult, port } from './port.ts'
export type { PortedFile } from './ported_file.ts'
export {
  countRows,
  formatReport,
  type PortCounts,
  type PortKind,
  type PortRow,
  type PortStatus,
  type ReportOptions,
} from './report/index.ts'
export { drawPortedRoutes, type PortRoutesOptions, portRoutes, runRoutes, type TableRow, tableRows } from './routes/index.ts'
export {
  addModel,
  type CatalogueQuery,
  modelFile,
  type NewColumn,
  type NoColumn,
  newColumns,
  type Provider,
  portSchema,
  providerOf,
  pullSchema,
} from './schema/index.ts'
export { type RemainingRuby, remainingRuby } from './remaining_ruby.ts'
