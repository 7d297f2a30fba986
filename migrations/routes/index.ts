export { portRoutes } from './port_routes.ts'
