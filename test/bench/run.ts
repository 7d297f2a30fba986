import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CaseResult, measureCase } from './measuring/measure_case.ts'
import type { Room } from './measuring/room.ts'
import { type FigureResult, figureTable } from './measuring/figure_table.ts'
import { textTable } from './measuring/text_table.ts'

const rooms = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))

const usage = `npm run bench -- [room…] [--json] [--seconds 2] [--rounds 5] [--only text]

Rooms: ${rooms.join(', ')}. All of them when none is named.
--only measures the cases whose name contains the text. Rounds are interleaved between the contenders; figures are medians.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
})
const unknown = positionals.find((name) => !rooms.includes(name))
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]

if (values.help) {
  console.log(usage)
} else if (unknown !== undefined || !(seconds > 0) || !(rounds >= 1)) {
  console.error(unknown === undefined ? '--seconds and --rounds are positive numbers.' : `There is no room '${unknown}'.`)
  console.error(usage)
  process.exitCode = 1
} else {
  const results: Record<string, (CaseResult | FigureResult)[]> = {}
  for (const name of positionals.length > 0 ? positionals : rooms) results[name] = await measureRoom(name)
  if (values.json) console.log(JSON.stringify({ node: process.version, seconds, rounds, rooms: results }, null, 2))
  process.exit()
}

async function measureRoom(name: string): Promise<(CaseResult | FigureResult)[]> {
  const { default: room } = (await import(`./${name}.ts`)) as { default: Room }
  const results: (CaseResult | FigureResult)[] = []
  if (!values.json) console.log(`${room.title} (Node ${process.versions.node}, ${rounds} rounds of ${seconds} s, medians)`)
  if (!values.json) for (const note of room.notes ?? []) console.log(note)
  for (const one of await room.cases()) {
    if (!one.name.includes(values.only)) continue
    const result = await measureCase(one, { seconds, rounds })
    results.push(result)
    if (!values.json) console.log(`\n${textTable(result)}`)
  }
  for (const { name: title, measure } of room.figures ?? []) {
    if (!title.includes(values.only)) continue
    const result = { name: title, figures: await measure() }
    results.push(result)
    if (!values.json) console.log(`\n${figureTable(result)}`)
  }
  await room.finish?.()
  return results
}
