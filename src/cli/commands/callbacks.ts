import type { Command } from 'commander'
import type { ControllerChain } from '../../application/listings/describe_callbacks.ts'
import type { ModelChain } from '../../application/listings/describe_model.ts'
import { printable } from '../../logging/index.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { oneName } from '../arguments.ts'
import { printResult } from '../output.ts'

interface CallbacksOptions extends AppOptions {
  readonly action?: string
}

/** `regauge callbacks ArticlesController`: what runs before, around and after its actions, and what handles their errors; `regauge callbacks Article`:
 * what runs in the life of its records. */
export function register(program: Command): void {
  applicationCommand(program, 'callbacks', 'list the callbacks and rescue handlers of a controller, or the callbacks of a model')
    .argument('<name>', 'ArticlesController or, as routes name it, admin/articles; or a model: Article', oneName)
    .option('-a, --action <name>', 'only those that run for an action', oneName)
    .action(list)
}

async function list(name: string, options: CallbacksOptions, command: Command): Promise<void> {
  const { describeController, describeModel, mayNameModel } = await import('../../application/index.ts')
  const model = mayNameModel(name) ? await describeModel(options, name) : undefined
  if (model !== undefined) {
    if (options.action !== undefined) command.error(`error: ${model.model} is a model: --action is for controllers`)
    return printResult(options, model, () => textOfModel(model))
  }
  const chain = await describeController(options.root, name, options.action)
  printResult(options, chain, () => textOf(chain, options.action))
}

function textOfModel({ model, callbacks }: ModelChain): string {
  const rows = callbacks.map(({ position, event, callback, on, isConditional }) => {
    const when = [on.length === 0 ? '' : `on: ${on.join(', ')}`, isConditional ? 'conditional' : ''].filter((text) => text !== '')
    return `  ${`${position} ${event}`.padEnd(17)} ${[callback, ...when].join('  ')}`
  })
  return [model, ...(rows.length === 0 ? ['  no callbacks'] : rows)].map(printable).join('\n')
}

function textOf({ controller, actions, callbacks, rescues }: ControllerChain, action: string | undefined): string {
  const title = action === undefined ? `${controller} (${actions.join(', ') || 'no actions'})` : `${controller}#${action}`
  const rows = callbacks.map(({ kind, callback, ...conditions }) => {
    const when = Object.entries(conditions).map(([name, values]) => `${name}: ${(values as readonly string[]).join(', ')}`)
    return `  ${kind.padEnd(6)} ${[callback, ...when].join('  ')}`
  })
  const handlers = rescues.map(({ error, handler }) => `  rescue ${error}  with: ${handler}`)
  return [title, ...(rows.length + handlers.length === 0 ? ['  no callbacks'] : [...rows, ...handlers])].map(printable).join('\n')
}
