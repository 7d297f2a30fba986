export {
  currentExecution,
  currentValues,
  endExecution,
  type Execution,
  hasExecutionEnd,
  type Runtimes,
  runExecution,
  runToEnd,
  whenExecutionsEnd,
  wholeExecution,
  withExecution,
} from './execution.ts'
export { PerApplication } from './per_application.ts'
export { afterCommit, type OpenTransaction } from './transaction.ts'
