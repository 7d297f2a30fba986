export { keepingInflections, portInflections, withInflections } from './port_inflections.ts'
