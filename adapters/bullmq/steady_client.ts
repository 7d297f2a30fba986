import { isLost } from './time_limit.ts'

/** Makes the class of the connections that BullMQ uses, of node-postgres'. One that BullMQ has taken out of its pool for a transaction tells its end to
 * nobody when the server goes away, which would end the process. And BullMQ takes a lost connection for one, and does what it was about again,
 * only by one code: by any other, a job that is done would be noted as failed.
 */
export async function steadyClient(): Promise<unknown> {
  const { default: pg } = await import('pg')
  return class SteadyClient extends pg.Client {
    constructor(config?: ConstructorParameters<typeof pg.Client>[0]) {
      super(config)
      this.on('error', () => {}) // The statement that runs fails all the same.
      for (const method of ['connect', 'query'] as const) {
        const original = this[method].bind(this) as (...args: unknown[]) => unknown
        Reflect.set(this, method, (...args: unknown[]) => translating(original, args))
      }
    }
  }
}

function translating(call: (...args: unknown[]) => unknown, args: readonly unknown[]): unknown {
  const callback = args.at(-1)
  if (typeof callback === 'function') {
    return call(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => callback(translated(error), ...rest))
  }
  const answer = call(...args)
  if (!(answer instanceof Promise)) return answer
  return answer.catch((error: unknown) => {
    throw translated(error)
  })
}

function translated(error: unknown): unknown {
  return error instanceof Error && isLost(error) ? Object.assign(error, { code: 'ECONNREFUSED' }) : error
}
