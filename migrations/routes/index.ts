export { portRoutes } from './port_routes.ts'
export { drawPortedRoutes, runRoutes } from './run_routes.ts'
export { type TableRow, tableRows } from './table_rows.ts'
export type { PortRoutesOptions } from './translation.ts'
