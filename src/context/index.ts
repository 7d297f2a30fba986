export { currentExecution, type Execution, runExecution, withExecution } from './execution.ts'
export { afterCommit, type OpenTransaction } from './transaction.ts'
