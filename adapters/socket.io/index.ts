export { SocketIoTransport, type SocketIoOptions } from './socket_io_transport.ts'
export type { Answer, ClientEvents, Identifier, ServerEvents } from './protocol.ts'
