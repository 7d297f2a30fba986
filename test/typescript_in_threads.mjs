import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

// Node 20 hands tsx's hooks to no thread, and has no type stripping of its own.
if (!isMainThread && process.features.typescript === undefined) register('tsx/esm', import.meta.url, { data: {} })
