import { buildSources } from './measuring/built.ts'
import type { Case, Room } from './measuring/room.ts'
import { bareDriver } from './model/bare_driver.ts'
import { contender, type Operation } from './model/contender.ts'
import { prismaClient } from './model/prisma_client.ts'
import { ourModels } from './model/our_models.ts'

/** Operations a second on SQLite, in this process, one after the other. Prisma's client runs on our driver adapter. */
const model: Room = {
  title: 'Models on SQLite',
  async cases() {
    buildSources()
    return (['find by id', 'list 100', 'create', 'update', 'include 20 × 5'] as const).map(caseOf)
  },
}

export default model

function caseOf(operation: Operation): Case {
  return {
    name: operation,
    unit: 'operations',
    baseline: "Prisma's client",
    contenders: [
      contender('bare driver, prepared', operation, bareDriver),
      contender("Prisma's client", operation, prismaClient),
      contender('Regauge', operation, ourModels),
    ],
  }
}
