import { configure } from 'regauge'

export default configure((config) => {
  config.name = 'Conduit'
  config.cable.transports = ['actioncable', 'socket.io']
})
