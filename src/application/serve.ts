import type { Application } from './application.ts'
import type { Address } from '../http/index.ts'

/** Serves an application in the foreground: resolves after SIGINT or SIGTERM, when requests, jobs and sockets have been finished or the
 * bound of `config.http.shutdownTimeout` has passed. A second signal ends the process at once. A forgotten `await`, the likeliest slip of
 * ported code, is logged and doesn't end the process for everybody else.
 *
 * @param onListening called with the address when the first request can come
 */
export async function serve(application: Application, onListening: (address: Address) => void = () => {}): Promise<void> {
  const interrupted = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve(signal)
        process.once(signal, () => process.exit(1))
      })
    }
  })
  const report = (error: unknown) => application.logger.error('A promise failed that nobody awaited: an await is missing.', { error })
  process.on('unhandledRejection', report)
  try {
    onListening(await application.start())
    application.logger.info(`${await interrupted}: finishing what runs`)
  } finally {
    await application.stop()
    process.off('unhandledRejection', report)
  }
}
