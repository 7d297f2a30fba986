import { crashRun, type Trouble } from './crash_run.ts'

/** The long form: node --conditions=regauge-source --import tsx test/jobs/crash/main.ts [kills] [trouble…] */
const [kills = '200', ...troubles] = process.argv.slice(2)
const all: readonly Trouble[] = ['nothing', 'truncated', 'flipped', 'full']
let isLost = false
for (const trouble of all) {
  if (troubles.length > 0 && !troubles.includes(trouble)) continue
  const report = await crashRun(Number(kills), trouble)
  isLost ||= report.lost.length > 0 || report.failed > 0 || report.ended > 0
  console.log(JSON.stringify({ trouble, ...report, lost: report.lost.length, damaged: report.damaged.length }))
}
process.exitCode = isLost ? 1 : 0
