import { configure } from 'regauge'

export default configure((config) => {
  config.name = 'Orders'
  config.cable.transports = ['actioncable', 'socket.io']
})
