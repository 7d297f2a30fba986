export { portInflections, withInflections } from './port_inflections.ts'
