import { configure } from 'regauge'

export default configure((config) => {
  config.name = 'Conduit'
  config.controller.escapeHtmlInJson = true // Rails escapes until 8.1
  config.cable.transports = ['actioncable', 'socket.io']
})
