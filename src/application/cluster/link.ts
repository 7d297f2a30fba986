import cluster from 'node:cluster'
import type { SharedWire } from '../../jobs/index.ts'
import type { PubSubWire } from '../../pubsub/index.ts'
import { type ClusterMessage, isClusterMessage, type Ready } from './messages.ts'

/** The variable by which the primary tells a process that it is one of its workers, with its number. */
export const workerVariable = 'REGAUGE_WORKER'

/** The variable that names the folder which the primary and its workers have in common. */
export const folderVariable = 'REGAUGE_WORKERS_FOLDER'

/** A worker's way to its primary. */
export interface ClusterLink {
  /** The worker's number, from 1. One that takes another's place has its number. */
  readonly number: number
  /** A folder of the primary and its workers, for nobody else to read or write, where a transport of channels needs one. */
  readonly folder: string | undefined
  readonly jobs: SharedWire
  readonly pubsub: PubSubWire
  /** Tells that requests can come. */
  ready(ready: Ready): void
}

let link: ClusterLink | undefined

/** The way to the primary; undefined in a process that stands for itself, also in a cluster of somebody else's. */
export function clusterLink(): ClusterLink | undefined {
  if (!cluster.isWorker || process.env[workerVariable] === undefined) return undefined
  return (link ??= makeLink(Number(process.env[workerVariable])))
}

function makeLink(number: number): ClusterLink {
  const send = (message: ClusterMessage) => {
    // A primary that is gone ends us anyway.
    if (process.connected) process.send!(message, undefined, undefined, () => {})
  }
  const receive = <K extends ClusterMessage['regauge']>(kind: K, handler: (message: ClusterMessage & { regauge: K }) => void) => {
    process.on('message', (message) => {
      if (isClusterMessage(message) && message.regauge === kind) handler(message as ClusterMessage & { regauge: K })
    })
  }
  return {
    number,
    folder: process.env[folderVariable],
    jobs: {
      send: (message) => send({ regauge: 'jobs', message }),
      receive: (handler) => receive('jobs', ({ message }) => handler(message)),
    },
    pubsub: {
      send: (published) => send({ regauge: 'published', published }),
      receive: (handler) => receive('published', ({ published }) => handler(published)),
    },
    ready: (ready) => send({ regauge: 'ready', ...ready }),
  }
}
