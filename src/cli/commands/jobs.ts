import type { Command } from 'commander'
import type { JobsChanged, JobTasks, ShownChild } from '../../application/index.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { namesSoFar, oneName, positiveNumber, wholeNumber } from '../arguments.ts'
import { printable } from '../../logging/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { LiveText } from '../live_text.ts'
import { jsonText, printableLines, printResult } from '../output.ts'
import { Silenced } from '../report_error.ts'
import { table } from '../table.ts'
import { cutToWidth } from '../text_width.ts'

interface ShowOptions extends AppOptions {
  readonly unfiltered?: boolean
}

interface ListOptions extends ShowOptions {
  readonly limit: number
  readonly offset: number
  readonly queue?: string
  readonly class?: string
}

interface MetricsOptions extends AppOptions {
  readonly minutes: number
  readonly prometheus?: boolean
}

type StoredJob = Awaited<ReturnType<JobTasks['show']>>
type QueueReport = Awaited<ReturnType<JobTasks['metrics']>>[string]

/** `regauge jobs`: what is in the queue, and what is done about it. It asks the process that owns the queue, when one runs. */
export function register(program: Command): void {
  const jobs = applicationCommand(program, 'jobs', 'look at the queue of jobs, and work on it')
    .allowExcessArguments()
    .action((options: AppOptions, command: Command) => {
      refuseUnknown(command)
      return counts(options)
    })
  // What `jobs` itself takes is asked about above; those below it would have that from it.
  const command = (name: string, description: string) => applicationCommand(jobs, name, description).allowExcessArguments(false)
  command('list [state]', 'list jobs: waiting, delayed, blocked, active, failed, …')
    .option('-n, --limit <count>', 'at most so many', positiveNumber, 100)
    .option('--offset <count>', 'without the first so many', wholeNumber, 0)
    .option('--queue <name>', 'those of one queue', oneName)
    .option('--class <name>', 'those of one class', oneName)
    .option(...unfiltered)
    .action(inherited((options: ListOptions, state?: string) => list(options, state)))
  command('show', 'show a job')
    .argument('<id>', 'its id in the queue, or the one that performLater answers', oneName)
    .option(...unfiltered)
    .action(inherited((options: ShowOptions, id: string) => show(options, id)))
  command('retry', "run failed jobs again, all of them with 'all'")
    .argument('<ids...>', 'their ids', namesSoFar)
    .action(inherited((options, ids: string[]) => change(options, 'retried', (tasks) => tasks.retry(ids))))
  command('discard', "forget jobs that don't run, all failed ones with 'all'")
    .argument('<ids...>', 'their ids', namesSoFar)
    .action(inherited((options, ids: string[]) => change(options, 'discarded', (tasks) => tasks.discard(ids))))
  command('pause', 'let no more jobs of a queue begin').argument('<queue>', 'its name', oneName).action(inherited(pause))
  command('resume', 'let jobs of a queue begin again').argument('<queue>', 'its name', oneName).action(inherited(resume))
  command('drain', 'run the jobs that wait, then end').action(inherited(drain))
  command('metrics [queue]', 'how many jobs completed and failed by the minute, and how long the oldest waits')
    .option('-m, --minutes <count>', 'the last minutes, two weeks of them at most', wholeNumber, 60)
    .option('--prometheus', "in Prometheus' text format")
    .action(inherited((options: MetricsOptions, queue?: string) => metrics(options, queue)))
  command('watch', 'show the counts as they change').action(inherited(watch))
}

const unfiltered = ['--unfiltered', 'with what the log would not show of the arguments'] as const

/** `jobs` does something by itself, so that what it doesn't know would be an argument too many. */
function refuseUnknown(jobs: Command): void {
  const [word] = jobs.args
  if (word === undefined) return
  const suggestion = didYouMean(
    word,
    jobs.commands.map((command) => command.name()),
  )
  jobs.error(`error: unknown command 'jobs ${word}'${suggestion === undefined ? '' : `\n(Did you mean jobs ${suggestion}?)`}`, {
    code: 'commander.unknownCommand',
  })
}

/** What is given to `jobs` itself holds for what follows, too: `regauge jobs --root shop list`. */
function inherited<O extends AppOptions>(action: (options: O, ...words: never[]) => Promise<void>) {
  return (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command
    const options = command.opts<O>()
    const outer = command.parent?.opts<AppOptions>()
    const isOwn = (name: string) => command.getOptionValueSource(name) === 'cli'
    const merged = {
      ...options,
      root: isOwn('root') ? options.root : (outer?.root ?? options.root),
      env: options.env ?? outer?.env,
      json: options.json ?? outer?.json,
    } as O
    return action(merged, ...(given.slice(0, -2) as never[]))
  }
}

async function tasks<T>(options: AppOptions, work: (tasks: JobTasks) => Promise<T>): Promise<T> {
  const { withJobTasks } = await import('../../application/index.ts')
  return withJobTasks(options, work)
}

async function counts(options: AppOptions): Promise<void> {
  const result = await tasks(options, (queue) => queue.counts())
  printResult(options, { ...result.counts, pausedQueues: result.paused }, () => countsText(result))
}

function countsText({ counts, paused }: Awaited<ReturnType<JobTasks['counts']>>): string {
  const rows = Object.entries(counts).map(([state, count]) => [state, String(count)])
  return [table(rows), ...(paused.length > 0 ? [`paused queues: ${paused.map(printable).join(', ')}`] : [])].join('\n')
}

async function metrics(options: MetricsOptions, queue?: string): Promise<void> {
  const { minutes } = options
  if (options.prometheus) {
    const text = await tasks(options, (all) => all.prometheus(queue))
    // Names of queues may be anybody's.
    process.stdout.write(process.stdout.isTTY ? printableLines(text) : text)
    return
  }
  const reports = await tasks(options, (all) => all.metrics({ queue, minutes }))
  printResult(options, reports, () => {
    const rows = Object.entries(reports).map(([name, report]) => metricsRow(name, report))
    return rows.length === 0 ? 'no queues' : table([metricsHeader(minutes), ...rows])
  })
}

function metricsHeader(minutes: number): string[] {
  return ['queue', 'waiting', 'latency', 'completed', 'failed', `completed in ${minutes} min`, `failed in ${minutes} min`]
}

function metricsRow(name: string, { counts, latency, completed, failed, isPaused }: QueueReport): string[] {
  const sum = (data: readonly number[]) => String(data.reduce((all, one) => all + one, 0))
  return [
    `${shortened(name)}${isPaused ? ' (paused)' : ''}`,
    String(counts.waiting + counts.prioritized),
    `${(latency / 1000).toFixed(1)} s`,
    String(completed.count),
    String(failed.count),
    sum(completed.data),
    sum(failed.data),
  ]
}

async function list(options: ListOptions, state?: string): Promise<void> {
  // The table has no arguments.
  const isUnfiltered = options.unfiltered ?? !options.json
  const { limit, offset } = options
  const found = await tasks(options, (tasks) => tasks.list(state, { ...options, limit: limit + 1 }, { isUnfiltered }))
  const jobs = found.slice(0, limit)
  printResult(options, jobs, () => (jobs.length === 0 ? 'no jobs' : table(jobs.map(rowOf))))
  if (!options.json && found.length > limit) process.stderr.write(`there are more: --offset ${offset + limit} lists those that follow\n`)
}

function rowOf(job: StoredJob): string[] {
  const { id, state, queue, name, title = name, attempts, dataError, error = dataError } = job
  return [
    id,
    state,
    shortened(queue),
    shortened(title),
    `attempts ${attempts}`,
    whenText(job),
    error === undefined ? '' : cutToWidth(printable(`${error.name}: ${error.message}`), widestReason),
  ]
}

/** How long a job has been what it is: one that ended since it did, whenever it was to run. */
function whenText({ createdAt, runAt, finishedAt }: StoredJob): string {
  if (finishedAt !== undefined) return `since ${timeText(finishedAt)}`
  return runAt === undefined ? `since ${timeText(createdAt)}` : `at ${timeText(runAt)}`
}

async function show(options: ShowOptions, id: string): Promise<void> {
  const job = await tasks(options, (queue) => queue.show(id, { isUnfiltered: options.unfiltered }))
  printResult(options, job, () => {
    const { data, dataError, error, logs = [], children = [], ...rest } = job
    const rows = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, shown(name, value)]]))
    return [
      table(rows),
      ...childrenText(children),
      dataError === undefined ? `data ${jsonText(carried(data))}` : printable(dataError.message),
      ...logs.map((line) => `| ${printable(line)}`),
      ...(error ? [printableLines(error.stack ?? `${error.name}: ${error.message}`)] : []),
    ].join('\n')
  })
}

/** What a job carries, without what it told of itself, which is shown beside. */
function carried({ progress: _progress, logs: _logs, ...data }: StoredJob['data']): object {
  return data
}

/** A name for a column: one that is very long would make the column as wide for all others. */
function shortened(name: string): string {
  return cutToWidth(printable(name), widestName)
}

/** In columns of the terminal. */
const widestName = 60
const widestReason = 200

/** What no date can have is shown as it is. */
function timeText(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString()
}

/** So many of the jobs that another one waits for are listed. */
const mostListed = 20

/** How many children there are in each state, and which it still waits for. */
function childrenText(children: readonly ShownChild[]): string[] {
  if (children.length === 0) return []
  const counts = new Map<string, number>()
  for (const { state } of children) counts.set(state, (counts.get(state) ?? 0) + 1)
  const left = children.filter(({ state }) => state !== 'completed')
  return [
    `children: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`,
    ...left.slice(0, mostListed).map(({ id, name, state, error }) => {
      const reason = error === undefined ? '' : cutToWidth(printable(`: ${error.name}: ${error.message}`), widestReason)
      return `${printable(`  ${name} ${id} is ${state}`)}${reason}`
    }),
    ...(left.length > mostListed ? [`  and ${left.length - mostListed} more`] : []),
  ]
}

function shown(name: string, value: unknown): string {
  return name.endsWith('At') ? timeText(Number(value)) : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Fails where all that was asked for stays as it was. */
async function change(options: AppOptions, what: string, work: (tasks: JobTasks) => Promise<JobsChanged>): Promise<void> {
  const { count, skipped } = await tasks(options, work)
  printResult(options, { [what]: count, ...(skipped.length > 0 && { skipped }) }, () => `${what} ${count} ${count === 1 ? 'job' : 'jobs'}`)
  if (!options.json) for (const { id, reason } of skipped) process.stderr.write(`${printable(id)} was not ${what}: ${reason}\n`)
  if (count === 0 && skipped.length > 0) throw new Silenced()
}

async function pause(options: AppOptions, queue: string): Promise<void> {
  const known = await tasks(options, (all) => all.pause(queue))
  printResult(options, { queue, paused: true }, () => `paused ${printable(queue)}`)
  if (options.json || known.includes(queue)) return
  const suggestion = didYouMean(queue, known)
  const question = suggestion === undefined ? '' : `. Did you mean ${printable(suggestion)}?`
  process.stderr.write(`no job is, or was lately, in a queue of this name: those that come will wait${question}\n`)
}

async function resume(options: AppOptions, queue: string): Promise<void> {
  await tasks(options, (all) => all.resume(queue))
  printResult(options, { queue, paused: false }, () => `resumed ${printable(queue)}`)
}

async function drain(options: AppOptions): Promise<void> {
  const { drainJobs } = await import('../../application/index.ts')
  const { ran, paused } = await drainJobs(options)
  const left = paused.length > 0 ? `\npaused queues: ${paused.map(printable).join(', ')}` : ''
  printResult(options, { ran, ...(left !== '' && { pausedQueues: paused }) }, () => `ran ${ran} ${ran === 1 ? 'job' : 'jobs'}${left}`)
}

async function watch(options: AppOptions): Promise<void> {
  let isOver = false
  let wake = () => {}
  process.once('SIGINT', () => {
    isOver = true
    wake()
  })
  const live = new LiveText(process.stdout)
  await tasks(options, async (queue) => {
    while (!isOver) {
      const result = await queue.counts()
      if (options.json) process.stdout.write(`${jsonText({ ...result.counts, pausedQueues: result.paused }, 0)}\n`)
      else live.show(`${new Date().toISOString()}\n${countsText(result)}`)
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, 1000)
      })
    }
  })
}
