import { expect } from 'chai'
import { CurrentAttributes } from '../../src/application/index.ts'
import { Controller } from '../../src/controller/index.ts'
import { aroundEveryEnqueue, aroundEveryPerform, Job } from '../../src/jobs/index.ts'
import { type Serving, serve } from '../controller/serving.ts'
import { JobStage } from '../jobs/job_stage.ts'

class Current extends CurrentAttributes {
  static {
    this.attribute('user')
    this.attribute('steps', { default: () => [] })
    this.resets(() => {})
  }
  declare static user: string | undefined
  declare static steps: string[]
}

/** Resolves for all when as many have come as are awaited: each of them is then in the middle of its work. */
function meeting(size: number): () => Promise<void> {
  const waiting: (() => void)[] = []
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length % size === 0) for (const go of waiting.splice(0)) go()
    })
}

const size = 12
const users = Array.from({ length: size }, (_, index) => `user-${index}`)
let meet = meeting(size)
let seen: unknown[] = []

class Probe extends Job {
  async perform(name: string) {
    seen.push(Current.user ?? 'nobody')
    Current.user = name
    Current.steps.push(name)
    await meet()
    await Current.set({ user: `${name}-inside` }, async () => {
      await meet()
      seen.push(Current.user)
    })
    seen.push([Current.user, ...Current.steps])
  }
}

class ProbesController extends Controller {
  static {
    this.beforeAction(async () => {
      Current.user = this.name
    })
    this.beforeAction('remember')
  }
  async remember() {
    Current.user = this.params.string('user')
    await meet()
    Current.steps.push(String(Current.user))
  }
  async show() {
    const name = String(Current.user)
    await Probe.performLater(`job of ${name}`)
    const inside = await Promise.all(
      ['a', 'b'].map((each) =>
        Current.set({ user: name + each }, async () => {
          await meet()
          return Current.user
        }),
      ),
    )
    this.render({ json: [Current.user, Current.steps, inside] })
  }
}

describe('current attributes of requests and jobs at once', () => {
  let serving: Serving
  let stage: JobStage
  before(async () => {
    serving = await serve(ProbesController, ['show'])
  })
  after(() => serving.close())
  beforeEach(() => {
    stage = new JobStage()
    meet = meeting(size)
    seen = []
  })
  afterEach(() => {
    stage.dispose()
    CurrentAttributes.resetAll()
  })

  const ask = () => Promise.all(users.map(async (user) => (await serving.get(`show?user=${user}`)).json as unknown))
  const answers = users.map((user) => [user, [user], [`${user}a`, `${user}b`]])
  const sorted = (values: unknown[]) => values.map((each) => JSON.stringify(each)).sort()

  it('never meet, however the requests are interleaved', async () => {
    expect(await ask()).to.deep.equal(answers)
    expect(Current.attributes).to.deep.equal({ steps: [] })
  })

  it('are not inherited by jobs, which have their own', async () => {
    await ask()
    Current.user = 'the process'
    await stage.runAll([Probe], { workers: [{ queues: ['*'], concurrency: size }] })
    const jobs = users.map((user) => `job of ${user}`)
    expect(sorted(seen)).to.deep.equal(
      sorted([...users.map(() => 'nobody'), ...jobs.map((job) => `${job}-inside`), ...jobs.map((job) => [job, job])]),
    )
    expect(Current.user).to.equal('the process')
  })

  it('go with a job that is told to take them', async () => {
    const restore = [
      aroundEveryEnqueue((job, next) => {
        job.context['user'] = Current.user
        return next()
      }),
      aroundEveryPerform((job, next) => Current.set({ user: job.context['user'] as string }, next)),
    ]
    try {
      await ask()
      await stage.runAll([Probe], { workers: [{ queues: ['*'], concurrency: size }] })
      expect(users.filter((user) => !seen.includes(user))).to.deep.equal([])
    } finally {
      for (const each of restore) each()
    }
  })
})
