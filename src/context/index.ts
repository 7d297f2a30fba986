export { currentExecution, currentValues, type Execution, type Runtimes, runExecution, withExecution } from './execution.ts'
export { PerApplication } from './per_application.ts'
export { afterCommit, type OpenTransaction } from './transaction.ts'
