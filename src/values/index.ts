export { isBlank, isPresent, presence } from './blank.ts'
