import { Journal, Ownership, prepareDirectory, reportDamages } from '../../journal/index.ts'
import type { JobRecords } from './job_records.ts'
import type { JobTable } from '../job_table.ts'
import type { resolveOptions } from '../options.ts'
import { jobJournal, recoverJobs } from './recover_jobs.ts'

/** A directory in our possession, and the journal in it. */
export interface OpenJournal {
  readonly journal: Journal
  readonly ownership: Ownership
  /** The lowest sequence number that isn't used yet. */
  readonly nextSequence: number
}

/** Takes possession of the directory of a queue and reads what is there.
 *
 * @param jobs takes the jobs
 * @param onLost called when another process took the directory over
 * @throws QueueOwned, QueueUnreadable, QueueDirectoryUnusable
 */
export function openJournal(
  { directory, durability, segmentBytes, logger }: ReturnType<typeof resolveOptions> & { readonly durability: 'fsync' | 'interval' },
  { jobs, records }: { readonly jobs: JobTable; readonly records: JobRecords },
  onLost: () => void,
): OpenJournal {
  prepareDirectory(directory)
  let journal: Journal | undefined
  const ownership = Ownership.acquire(directory, () => {
    logger.error('The job queue was taken over by another process; this one stops using it', { directory })
    journal?.abandon()
    onLost()
  })
  try {
    const { segments, nextSequence, damages } = recoverJobs(directory, jobs, records)
    reportDamages('job', damages, directory, logger)
    journal = new Journal(records, {
      directory,
      format: jobJournal,
      durability,
      segmentBytes,
      slackBytes: 2 * segmentBytes,
      segments,
      preparesFiles: true,
      isHeld: () => ownership.isHeld(),
      onSnapshotFailure: (error) => logger.error('The job journal can not be made smaller; it is tried again', { directory, error }),
      onFailure: (error) =>
        error === undefined
          ? logger.info('The job queue can be written again', { directory })
          : logger.error('The job queue can not be written', { directory, error }),
    })
    return { journal, ownership, nextSequence }
  } catch (error) {
    ownership.release()
    throw error
  }
}
