import { join } from 'node:path'
import { startOwnProcess } from '../measuring/own_process.ts'
import type { Contender } from '../measuring/room.ts'
import type { Ground, Operation } from './operations.ts'

/** A contender in a process of its own.
 * @param breakGround answers the database it works on, or why there is none
 */
export function contender(name: string, operation: Operation, breakGround: () => Promise<Ground | string>): Contender {
  return {
    name,
    async start() {
      const ground = await breakGround()
      if (typeof ground === 'string') return ground
      return startOwnProcess(name, join(import.meta.dirname, 'process.ts'), [name, JSON.stringify(ground), operation], true)
    },
  }
}
