import { logger } from '../../logging/index.ts'
import type { NamedDatabase } from '../../model/index.ts'
import { prisma } from '../adapters.ts'
import type { Configuration } from '../configuration.ts'

/** Says in the log when the schema is ahead of the database, which would show as errors of single requests otherwise. */
export async function tellSchemaLag({ root }: Configuration, { database, metadata }: NamedDatabase): Promise<void> {
  const { schemaLag } = await prisma()
  const { missing, pending } = await schemaLag(database, { metadata, root })
  if (pending.length > 0) {
    logger.warn(`${counted(pending.length, 'migration')} pending: ${listed(pending)}. Run \`regauge db:migrate\`.`, { pending })
  } else if (missing.length > 0) {
    const hint = 'Run `regauge db:push`, or `regauge db:migrate --name …`.'
    logger.warn(`The schema is ahead of the database, which lacks the ${listed(missing)}. ${hint}`, { missing })
  }
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} is` : `${count} ${noun}s are`
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
