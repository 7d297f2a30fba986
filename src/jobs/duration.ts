export { days, Duration, type DurationUnit, hours, minutes, months, seconds, toSeconds, weeks, years } from '../values/index.ts'
