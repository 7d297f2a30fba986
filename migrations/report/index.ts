export { formatReport, type ReportOptions } from './format.ts'
export { countRows, type PortCounts, type PortKind, type PortRow, type PortStatus } from './rows.ts'
