import { expect } from 'chai'
import { addsJobs } from './adding.ts'
import { runsFlows } from './flows.ts'
import { limitsJobs } from './limiting.ts'
import { managesQueues } from './managing.ts'
import { movesJobs } from './moving.ts'
import { letsObserve } from './observing.ts'
import { answersQuestions } from './reading.ts'
import { runsSandboxes } from './sandboxes.ts'
import { schedulesJobs } from './scheduling.ts'
import { type Place, Stage } from './stage.ts'
import { worksOnJobs } from './working.ts'

/** What BullMQ's classes do on any backend, as tests.
 *
 * @param place where the queues of the next test are
 */
export function behavesLikeBullmq(place: () => Place): void {
  let current: Stage
  const stage = () => current

  before(function () {
    const titles = titlesOf(this.test!.parent!)
    expect(Object.keys(place().differences ?? {}).filter((title) => !titles.includes(title))).to.deep.equal([])
  })
  beforeEach(function () {
    current = new Stage(place())
    if (Object.hasOwn(place().differences ?? {}, this.currentTest!.title)) this.skip()
  })
  afterEach(() => current.dispose())

  addsJobs(stage)
  worksOnJobs(stage)
  limitsJobs(stage)
  runsFlows(stage)
  movesJobs(stage)
  schedulesJobs(stage)
  managesQueues(stage)
  answersQuestions(stage)
  letsObserve(stage)
  runsSandboxes(stage)
}

function titlesOf(suite: Mocha.Suite): string[] {
  return [...suite.tests.map(({ title }) => title), ...suite.suites.flatMap(titlesOf)]
}
