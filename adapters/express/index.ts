export { expressHost } from './host.ts'
export { mountPipeline } from './mount.ts'
export { type RegaugeHandler, type RegaugeOptions, regauge } from './regauge.ts'
