import { Connection as BaseConnection } from 'regauge'

export class Connection extends BaseConnection {}
