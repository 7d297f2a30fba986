import { channel } from '../notifications/index.ts'

/** Rails' events of channels. */
export const broadcasts = channel('broadcast.action_cable')
export const actions = channel('perform_action.action_cable')
export const transmissions = channel('transmit.action_cable')
export const confirmations = channel('transmit_subscription_confirmation.action_cable')
export const rejections = channel('transmit_subscription_rejection.action_cable')
/** The handshake is a request too. */
export const handshakes = channel('request.action_dispatch')

/** What Rails has no events for, and only its log tells; a name that begins so is no business of an application's subscribers. */
export const connections = channel('!connection.action_cable')
export const streamings = channel('!streaming.action_cable')
