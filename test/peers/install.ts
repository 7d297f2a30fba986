import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Mocha's global setup of `npm run test:peers`: installs what the lock file here names, unless it is there. */
export function mochaGlobalSetup(): void {
  if (lockIn('node_modules/.package-lock.json') === lockIn('package-lock.json')) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** The versions in a lock file, as text to compare. */
function lockIn(file: string): string {
  const path = join(import.meta.dirname, file)
  if (!existsSync(path)) return ''
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version?: string; optional?: boolean }> }
  const installed = Object.entries(packages).filter(([name, { optional }]) => name !== '' && optional !== true)
  return installed.map(([name, { version }]) => `${name}@${version}`).join('\n')
}
