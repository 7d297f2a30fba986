export { isBlank, isPresent, presence } from './blank.ts'
export { toInteger } from './integer.ts'
export { fromOutside, isFromOutside } from './outside.ts'
