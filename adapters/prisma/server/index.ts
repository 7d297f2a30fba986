export { ServerDatabase, type ServerOptions } from './database.ts'
export { openServer, serverFactory } from './open.ts'
