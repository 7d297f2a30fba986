import { broadcast, isBlank } from 'regauge'
import { Channel } from './application_cable/channel.ts'

export class ChatChannel extends Channel {
  subscribed() {
    if (isBlank(this.params.room)) return this.reject()
    this.streamFrom(`chat_${this.params.room}`)
    this.transmit({ welcome: this.params.room, you: this.connection.currentName })
  }

  async speak(data: { text?: string }) {
    await broadcast(`chat_${this.params.room}`, { from: this.connection.currentName, text: data.text })
  }

  echo(data: { text?: string }) {
    this.transmit({ echo: data.text })
  }

  stop() {
    this.stopAllStreams()
  }

  async unsubscribed() {
    await broadcast(`chat_${this.params.room}`, { left: this.connection.currentName })
  }
}
