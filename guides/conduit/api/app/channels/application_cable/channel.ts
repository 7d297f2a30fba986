import { Channel as BaseChannel } from 'regauge'
import type { Connection } from './connection.ts'

export abstract class Channel extends BaseChannel<Connection> {}
