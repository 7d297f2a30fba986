import type { Command } from 'commander'
import { version } from '../version.ts'

/** `regauge version`: what runs here. */
export function register(program: Command): void {
  program
    .command('version')
    .description('print the version of regauge and of Node.js')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => {
      const versions = { regauge: version, node: process.versions.node }
      process.stdout.write(options.json ? `${JSON.stringify(versions)}\n` : `regauge ${version} on Node.js ${process.versions.node}\n`)
    })
}
