import { isMainThread } from 'node:worker_threads'

export default async function process(job) {
  await job.updateProgress(50)
  return { isMainThread, name: job.name }
}
