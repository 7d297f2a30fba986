import { Connection as BaseConnection, presence } from 'regauge'

export class Connection extends BaseConnection {
  static {
    this.identifiedBy('currentName')
  }

  declare currentName: string

  connect() {
    if (this.request.params.token === 'bad') this.rejectUnauthorizedConnection()
    this.currentName = presence(String(this.request.params.token ?? '')) ?? 'guest'
  }
}
