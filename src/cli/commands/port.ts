import { resolve } from 'node:path'
import type { Command } from 'commander'
import { printResult } from '../output.ts'
import { Silenced } from '../report_error.ts'

interface PortCommandOptions {
  readonly out: string
  readonly check?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly strict?: boolean
  readonly provider?: 'sqlite' | 'postgresql' | 'mysql'
  readonly json?: boolean
}
