import { ActionCableTransport, Cable, type CableTransport, cable as mountable, useRecordNames } from '../cable/index.ts'
import { receiveEvents } from '../events/index.ts'
import { hostMatcher } from '../http/index.ts'
import { globalIdOf } from '../model/index.ts'
import { LinkedPubSub, LocalPubSub, type PubSub, usePubSub } from '../pubsub/index.ts'
import { socketIoTransport } from './adapters.ts'
import type { Application } from './application.ts'
import { cableLogger } from './rails_log/index.ts'
import { clusterLink } from './cluster/link.ts'

/** What channels need: what processes talk through, the cable, and what carries it. */
export interface OpenChannels {
  readonly pubsub: PubSub
  readonly cable: Cable | undefined
  readonly transports: readonly CableTransport[]
}

/** Makes the cable of an application that has channels, and the transports that its configuration names.
 * The path is that of `mount(cable, { at })` in the routes when it is there, else `config.cable.path`. */
export async function openChannels(application: Application): Promise<OpenChannels> {
  const { config, loaded, routes, logger } = application
  const onError = (error: unknown, stream: string) => logger.error(`A subscriber of the stream '${stream}' failed.`, { error })
  const link = clusterLink()
  const pubsub = link === undefined ? new LocalPubSub({ onError }) : new LinkedPubSub(link.pubsub, { onError })
  usePubSub(pubsub, application)
  await receiveEvents(pubsub, (work) => application.run(work))
  useRecordNames(gidParam)
  if (loaded.channels.size === 0 && !loaded.connection) return { pubsub, cable: undefined, transports: [] }
  const settings = config.cable
  const mounted = routes.routes.find((route) => route.kind === 'mount' && route.target === mountable)
  if (mounted) settings.path = mounted.path.replace(/\(.*$/, '')
  const cable = new Cable({
    pubsub,
    channels: loaded.channels,
    ...(loaded.connection && { connectionClass: loaded.connection }),
    logger: config.log.format === 'rails' ? cableLogger : logger,
    application,
    config: {
      allowedRequestOrigins: [
        ...settings.allowedRequestOrigins,
        ...(config.env.isProduction ? [] : [/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/]),
      ],
      allowMissingOrigin: !config.env.isProduction,
      ...(config.middleware.has('hostAuthorization') && { isOurHost: hostMatcher(config.hosts) }),
      disableRequestForgeryProtection: settings.disableRequestForgeryProtection,
    },
  })
  const transports: CableTransport[] = []
  if (settings.transports.includes('actioncable')) transports.push(new ActionCableTransport({ path: settings.path }))
  if (settings.transports.includes('socket.io')) {
    transports.push(
      await socketIoTransport({ path: settings.socketIoPath, ...(link?.folder !== undefined && { peersFolder: link.folder }) }),
    )
  }
  return { pubsub, cable, transports }
}

/** A record's name in streams as Rails makes it (`to_gid_param`): the URL-safe base64 of its GlobalID, without padding. */
function gidParam(record: object): string | undefined {
  const globalId = globalIdOf(record)
  return typeof globalId === 'string' ? Buffer.from(globalId).toString('base64url') : undefined
}
