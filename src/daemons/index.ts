export { Daemon, type DaemonClass, type DaemonScope } from './daemon.ts'
export { InvalidDaemonScope } from './errors.ts'
export { type Lease, type Leases, MachineLeases } from './leases.ts'
export { type DaemonState, type DaemonStatus, Daemons, type DaemonsOptions } from './supervisor.ts'
