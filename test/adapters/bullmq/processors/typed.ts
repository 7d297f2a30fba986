import type { SandboxedJob } from 'bullmq'

export default async function process(job: SandboxedJob<{ readonly text: string }>): Promise<number> {
  return job.data.text.length
}
