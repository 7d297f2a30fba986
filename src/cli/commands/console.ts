import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type REPLEval, type REPLServer, start } from 'node:repl'
import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import type { Application } from '../../application/index.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'

/** `regauge console`: a prompt with the application loaded. */
export function register(program: Command): void {
  applicationCommand(program, 'console', 'a prompt with the application loaded: its models, jobs and events are variables')
    .alias('c')
    .action(run)
}

async function run(options: AppOptions): Promise<void> {
  const regauge = await import('../../index.ts')
  const application = await regauge.boot({ root: options.root, env: options.env, serves: false })
  const variables = { ...regauge, ...Object.fromEntries(application.classes().map((value) => [value.name, value])), app: application }
  await (process.stdin.isTTY ? converse(application, variables) : evaluateLines(application, variables))
  await application.stop()
}

/** A prompt at a terminal, with a history. */
async function converse(application: Application, variables: object): Promise<void> {
  const { name, env, root } = application.config
  const repl = start({ prompt: `${name}(${env.name})> ` })
  Object.assign(repl.context, variables)
  evaluateIn(repl, application)
  mkdirSync(join(root, 'tmp'), { recursive: true })
  repl.setupHistory(process.env['REGAUGE_HISTORY'] ?? join(root, 'tmp', 'console_history'), () => {})
  await new Promise<void>((resolve) => repl.once('exit', resolve))
}

/** Evaluates what comes through a pipe line by line, each when the one before it is done, and prints the results alone. */
async function evaluateLines(application: Application, variables: object): Promise<void> {
  const repl = start({ prompt: '', input: new PassThrough(), output: process.stdout, terminal: false })
  Object.assign(repl.context, variables)
  evaluateIn(repl, application)
  let isClosed = false
  let proceed = () => {}
  repl.displayPrompt = () => proceed() // it would ask for the next line
  repl.once('exit', () => {
    isClosed = true
    proceed()
  })
  for await (const line of createInterface({ input: process.stdin })) {
    const evaluated = new Promise<void>((resolve) => {
      proceed = resolve
    })
    repl.write(`${line}\n`)
    await evaluated
    if (isClosed) return
  }
  repl.close()
}

/** Evaluates inside of the application and shows what a promise or a relation resolves with, as nobody wants to read `Promise { <pending> }`. */
function evaluateIn(repl: REPLServer, application: Application): void {
  const evaluate = repl.eval
  const evaluateAndWait: REPLEval = function (this: REPLServer, code, context, file, show) {
    const showSettled = (error: Error | null, result: unknown) => {
      if (error || !isThenable(result)) show(error, result)
      else
        result.then(
          (value) => show(null, value),
          (reason: Error) => show(reason, undefined),
        )
    }
    application.run(() => evaluate.call(this, code, context, file, showSettled))
  }
  Object.defineProperty(repl, 'eval', { value: evaluateAndWait })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
