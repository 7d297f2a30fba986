export * from './code.ts'
export { printStatements } from './print.ts'
