export { isBlank, isPresent, presence } from './blank.ts'
export { days, Duration, type DurationUnit, hours, minutes, months, seconds, toSeconds, weeks, years } from './duration.ts'
export { toInteger } from './integer.ts'
export { fromOutside, isFromOutside } from './outside.ts'
