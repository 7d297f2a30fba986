import { listSubscribers, type SubscriberListing } from '../../events/index.ts'
import { readSettings } from '../boot.ts'
import { loadApplication } from '../loading/load_application.ts'

/** Who subscribes to which events in the application in `root`, in the order in which they are called. */
export async function describeEvents({ root, env }: { root: string; env?: string | undefined }): Promise<SubscriberListing[]> {
  const config = await readSettings({ root, env })
  await loadApplication(config.root)
  return listSubscribers().sort((a, b) => (a.event < b.event ? -1 : a.event > b.event ? 1 : a.priority - b.priority))
}
