import { Channel as BaseChannel } from 'regauge'

export abstract class Channel extends BaseChannel {}
