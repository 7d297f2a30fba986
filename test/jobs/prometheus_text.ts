/** A sample of a metric. */
export interface PrometheusSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric with its samples. */
export interface PrometheusFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: PrometheusSample[]
}

const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"`
const sample = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)\{(${label}(?:,${label})*)\} (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`)

/** Reads Prometheus' text format 0.0.4, as far as it is used here, and refuses all else, as well as what Prometheus refuses: a sample that comes twice,
 * or apart from its metric, or a last line without an end.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string): PrometheusFamily[] {
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed')
  const families: PrometheusFamily[] = []
  const seen = new Set<string>()
  let help: readonly [string, string] | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped, words] = /^# HELP (\S+) (.+)$/.exec(line) ?? []
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge)$/.exec(line) ?? []
    const [, name, labels, value] = sample.exec(line) ?? []
    if (helped !== undefined) help = [helped, words!]
    else if (typed !== undefined && help?.[0] === typed && families.every((known) => known.name !== typed)) {
      families.push({ name: typed, type: type!, help: help[1], samples: [] })
    } else if (name !== undefined && families.at(-1)?.name === name && !seen.has(`${name}{${labels}`)) {
      seen.add(`${name}{${labels}`)
      families.at(-1)!.samples.push({ labels: labelsOf(labels!), value: Number(value) })
    } else throw new Error(`this line makes no sense: ${line}`)
  }
  return families
}

function labelsOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
  return Object.fromEntries(found.map(([, name, value]) => [name!, value!.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one))]))
}
