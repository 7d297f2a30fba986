import { buildSources } from './measuring/built.ts'
import type { Case, Room } from './measuring/room.ts'
import { contender } from './model/contender.ts'
import { BASELINES, contendersOn } from './model/contenders.ts'
import type { Dialect } from './model/dataset.ts'
import { groundFor, removeGrounds } from './model/ground.ts'
import { type Operation, OPERATIONS } from './model/operations.ts'
import { installContenders } from './model/peers.ts'

/** Operations a second, one after the other, each contender in a process of its own. */
const model: Room = {
  title: 'Models on SQLite and PostgreSQL',
  notes: [
    "Peers use better-sqlite3 or pg; the bare driver of SQLite is ours. Prisma's client has our adapter for SQLite and its own for PostgreSQL.",
    'Kysely, Drizzle and Knex answer plain rows, the others objects that know what changed. Memory is what a process holds after its rounds.',
  ],
  async cases() {
    buildSources()
    installContenders()
    return (['sqlite', 'postgres'] as const).flatMap((dialect) => OPERATIONS.map((operation) => caseOf(dialect, operation)))
  },
  finish: removeGrounds,
}

export default model

function caseOf(dialect: Dialect, operation: Operation): Case {
  return {
    name: `${dialect}: ${operation}`,
    unit: 'operations',
    baseline: BASELINES[dialect],
    contenders: contendersOn(dialect).map((name) => contender(name, operation, () => groundFor(dialect))),
  }
}
