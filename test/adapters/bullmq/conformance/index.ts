import { addsJobs } from './adding.ts'
import { runsFlows } from './flows.ts'
import { limitsJobs } from './limiting.ts'
import { managesQueues } from './managing.ts'
import { type Place, Stage } from './stage.ts'
import { worksOnJobs } from './working.ts'

/** What BullMQ's classes do on any backend, as tests.
 *
 * @param place where the queues of the next test are
 */
export function behavesLikeBullmq(place: () => Place): void {
  let current: Stage
  const stage = () => current

  beforeEach(() => {
    current = new Stage(place())
  })
  afterEach(() => current.dispose())

  addsJobs(stage)
  worksOnJobs(stage)
  limitsJobs(stage)
  runsFlows(stage)
  managesQueues(stage)
}
