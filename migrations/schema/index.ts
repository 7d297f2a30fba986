export type { Provider } from './prisma.ts'
export { portSchema } from './port_schema.ts'
