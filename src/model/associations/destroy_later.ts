import { PerApplication } from '../../context/index.ts'
import { registeredModels } from '../binding.ts'
import { InvalidArgument } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import type { Relation } from '../relation/relation.ts'
import { currentTransaction } from '../transactions/connection.ts'
import type { Reflection } from './reflection.ts'

/** The records that `dependent: 'destroyAsync'` leaves to a job. */
export interface LeftDependents {
  /** The name of their class. */
  readonly model: string
  readonly ids: readonly unknown[]
}

/** Has a job call {@link destroyDependents}: what an application with jobs gives to {@link useDependentsQueue}. */
export interface DependentsQueue {
  add(dependents: LeftDependents): unknown
}

const queues = new PerApplication<DependentsQueue>()

/** Sets what the dependents of destroyed records are left to in an application, and outside of any. */
export function useDependentsQueue(queue: DependentsQueue | undefined, application?: object): void {
  queues.use(queue, application)
}

/** Forgets that of an application: it has stopped. */
export function releaseDependentsQueue(application: object): void {
  queues.release(application)
}

/** Leaves the records of an association to a job, when the transaction that destroys their owner is committed.
 * @throws InvalidArgument where there are no jobs
 */
export async function leaveDependents(reflection: Reflection, dependents: Relation, info: ModelInfo): Promise<void> {
  const queue = queues.current
  if (queue === undefined)
    throw new InvalidArgument({
      reason: `'${reflection.name}' of ${reflection.info.model.name} is destroyed by a job, and no queue takes it: see useDependentsQueue().`,
    })
  const ids = await dependents.ids()
  if (ids.length === 0) return
  const add = async (): Promise<void> => void (await queue.add({ model: infoOf(reflection.target).model.name, ids }))
  const transaction = currentTransaction(info.schema.binding)
  if (transaction === undefined) await add()
  else transaction.afterCommit(add)
}

/** Destroys the records that were left to a job, with their callbacks; those that are gone are left out.
 * @throws InvalidArgument when no class has the name
 */
export async function destroyDependents({ model, ids }: LeftDependents): Promise<void> {
  const found = registeredModels().find((each) => each.name === model)
  if (found === undefined) throw new InvalidArgument({ reason: `No model is called '${model}'.` })
  const info = infoOf(found)
  const { key, primaryKey } = info.schema
  const rows = info.relation(info.unscopedClauses)
  const names = primaryKey.map(({ name }) => name)
  for (const record of await (key === undefined ? rows.where(names, ids) : rows.where({ [key.name]: ids }))) await record.destroy()
}
