import type { Command } from 'commander'
import type { ControllerChain } from '../../application/describe_callbacks.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'

interface CallbacksOptions extends AppOptions {
  readonly action?: string
}

/** `regauge callbacks ArticlesController`: what runs before, around and after its actions, and what handles their errors. */
export function register(program: Command): void {
  applicationCommand(program, 'callbacks', 'list the callbacks and rescue handlers of a controller')
    .argument('<controller>', 'ArticlesController or, as routes name it, admin/articles')
    .option('-a, --action <name>', 'only those that run for an action')
    .action(list)
}

async function list(controller: string, options: CallbacksOptions): Promise<void> {
  const { describeController } = await import('../../application/index.ts')
  const chain = await describeController(options.root, controller, options.action)
  printResult(options, chain, () => textOf(chain, options.action))
}

function textOf({ controller, actions, callbacks, rescues }: ControllerChain, action: string | undefined): string {
  const title = action === undefined ? `${controller} (${actions.join(', ') || 'no actions'})` : `${controller}#${action}`
  const rows = callbacks.map(({ kind, callback, ...conditions }) => {
    const when = Object.entries(conditions).map(([name, values]) => `${name}: ${(values as readonly string[]).join(', ')}`)
    return `  ${kind.padEnd(6)} ${[callback, ...when].join('  ')}`
  })
  const handlers = rescues.map(({ error, handler }) => `  rescue ${error}  with: ${handler}`)
  return [title, ...(rows.length + handlers.length === 0 ? ['  no callbacks'] : [...rows, ...handlers])].join('\n')
}
