import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type * as Prisma from '../../../adapters/prisma/index.ts'
import type { Database, SchemaMetadata } from '../../../src/model/index.ts'
import { importBuilt } from '../measuring/built.ts'
import type { Contender, Measurement } from '../measuring/room.ts'
import { fill, schema } from './dataset.ts'

export type Operation = 'find by id' | 'list 100' | 'create' | 'update' | 'include 20 × 5'

/** The same operations, done by one contender. `turn` counts up, so that each does another row. */
export type Operations = Readonly<Record<Operation, (turn: number) => unknown>>

/** A filled database of its own for each contender. */
export interface Ground {
  readonly root: string
  readonly file: string
  readonly database: Database
  readonly metadata: SchemaMetadata
}

/** Makes a contender from its operations; they may answer a reason why they can't run here. */
export function contender(name: string, operation: Operation, prepare: (ground: Ground) => Promise<Operations | string>): Contender {
  return {
    name,
    async start() {
      const ground = await breakGround()
      const operations = await prepare(ground)
      const stop = async () => {
        await ground.database.close()
        rmSync(ground.root, { recursive: true, force: true })
      }
      if (typeof operations !== 'string') return { measure: measuring(operations[operation]), stop }
      await stop()
      return operations
    },
  }
}

function measuring(work: (turn: number) => unknown): (seconds: number) => Promise<Measurement> {
  let turn = 0
  return async (seconds) => {
    const first = turn
    const cpu = process.cpuUsage()
    const begun = performance.now()
    do {
      for (let i = 0; i < 8; i++) {
        const answer = work(turn++)
        if (answer instanceof Promise) await answer
      }
    } while (performance.now() - begun < seconds * 1000)
    const { user, system } = process.cpuUsage(cpu)
    return { operations: turn - first, seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 }
  }
}

async function breakGround(): Promise<Ground> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'regauge-bench-'))
  mkdirSync(path.join(root, 'db'))
  writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }')
  writeFileSync(path.join(root, 'db/schema.prisma'), schema)
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'))
  const { openDatabase, push, loadMetadata } = await importBuilt<typeof Prisma>('adapters/prisma/index.ts')
  const target = { root, url: 'file:bench.sqlite3' }
  await push(target)
  const metadata = await loadMetadata(root)
  const database = await openDatabase({ ...target, metadata })
  await fill(database)
  return { root, file: path.join(root, 'bench.sqlite3'), database, metadata }
}
