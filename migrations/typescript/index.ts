export * from './code.ts'
export { type PrintedText, printStatements, withoutMarks } from './print.ts'
