#!/usr/bin/env node
import cluster from 'node:cluster'
import { run } from './program.ts'

// Who reads our output may leave before its end (`regauge routes | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.exitCode = await run(process.argv.slice(2))
// The channel to its primary would keep a worker that has ended, or could not begin.
if (cluster.isWorker) process.exit()
