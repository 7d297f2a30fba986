import type { Application } from './application.ts'
import type { Address } from '../http/index.ts'
import { clusterLink } from './cluster/link.ts'
import { interrupted } from './signals.ts'

/** Serves an application in the foreground: resolves after SIGINT or SIGTERM, when requests, jobs and sockets have been finished or the
 * bound of `config.http.shutdownTimeout` has passed. A second signal ends the process at once. With a certificate, SIGHUP reads it again.
 * A forgotten `await`, the likeliest slip of ported code, is logged and doesn't end the process for everybody else.
 *
 * @param onListening called with the address when the first request can come
 */
export async function serve(application: Application, onListening: (address: Address) => void = () => {}): Promise<void> {
  const { config, logger } = application
  const link = clusterLink()
  const signal = interrupted()
  const report = (error: unknown) => logger.error('A promise failed that nobody awaited: an await is missing.', { error })
  const reload = () => {
    if (link === undefined) reloadCertificate(application) // a primary starts workers that read it
  }
  process.on('unhandledRejection', report)
  if (link !== undefined || config.http.tls !== undefined) process.on('SIGHUP', reload)
  try {
    const address = await application.start()
    link?.ready({ address, cablePath: application.cable && config.cable.path })
    onListening(address)
    logger.info(`${await signal}: finishing what runs`)
  } finally {
    await application.stop()
    process.off('unhandledRejection', report)
    process.off('SIGHUP', reload)
  }
}

function reloadCertificate(application: Application): void {
  try {
    application.reloadCertificate()
    application.logger.info('SIGHUP: the certificate has been read again')
  } catch (error) {
    application.logger.error('SIGHUP: the old certificate stays', { error })
  }
}
