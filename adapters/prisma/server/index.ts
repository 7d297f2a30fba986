export { ServerDatabase, type ServerOptions } from './database.ts'
export { serverError } from './failures.ts'
export { openServer, serverFactory } from './open.ts'
