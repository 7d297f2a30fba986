import { broadcast } from 'regauge'
import { Channel } from './application_cable/channel.ts'

export class ChatChannel extends Channel {
  async subscribed() {
    if (!this.params.room) return this.reject()
    this.streamFrom(`chat_${this.params.room}`)
  }

  async speak(data: { text: string }) {
    await broadcast(`chat_${this.params.room}`, { text: data.text })
  }
}
