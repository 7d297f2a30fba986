export * from './code.ts'
export { parses } from './parses.ts'
export { type PrintedText, printStatements, withoutMarks } from './print.ts'
export { type UsesOfNames, usesOfNames } from './uses_of_names.ts'
