#!/usr/bin/env node
import cluster from 'node:cluster'
import { run } from './program.ts'
import { reportError } from './report_error.ts'

// Who reads our output may leave before its end (`regauge routes | head`), and the disk that it goes to may be full.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  reportError(error)
  process.exit(1)
})
// There is nobody left to be told.
process.stderr.on('error', () => {})
process.exitCode = await run(process.argv.slice(2))
// The channel to its primary would keep a worker that has ended, or could not begin.
if (cluster.isWorker) process.exit()
