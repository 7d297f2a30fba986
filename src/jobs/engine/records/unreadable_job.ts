import { EngineJob } from '../engine_job.ts'
import { newRecordLimit, writeNewRecord } from './put_record.ts'
import { lengthBytes } from './record_frames.ts'
import { Slab } from './slab.ts'

/** What stands for the class of a job that can't be read. */
const unknownName = 'Unreadable'

/** A job of whose record the disk gives nothing back. Its data are no JSON, so that it is shown as other jobs are whose data can't be read. */
export function unreadableJob(sequence: number, queue: string): EngineJob {
  const job = new EngineJob(sequence, unknownName, queue, 0, 0)
  const texts = { data: '', customId: undefined, options: undefined }
  const slab = new Slab(lengthBytes + newRecordLimit(job, texts))
  const end = writeNewRecord(slab, lengthBytes, job, Date.now(), texts, Number.POSITIVE_INFINITY)
  slab.view.setUint32(0, end - lengthBytes, true)
  job.bytes = slab.bytes
  job.at = lengthBytes
  return job
}
