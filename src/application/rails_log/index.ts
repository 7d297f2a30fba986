export { writeRailsLog } from './rails_log.ts'
