export { cableLogger } from './cable_lines.ts'
export { writeRailsLog } from './rails_log.ts'
