const { DelayedError, UnrecoverableError, WaitingError } = require('bullmq')

/** Does what the job says, in a process or a thread of its own. */
module.exports = async (job, token) => {
  const { step } = job.data
  if (step === 'report') {
    await job.updateProgress({ done: 7 })
    await job.log(`${job.name} of ${job.queueName}`)
    await job.updateData({ ...job.data, seen: job.attemptsMade })
    return { id: job.id, isOwn: process.pid !== job.data.pid }
  }
  if (step === 'children') return job.getChildrenValues()
  if (step === 'exit') process.exit(3)
  if (step === 'hopeless') throw new UnrecoverableError('never')
  if (step === 'fail') throw new TypeError('no good')
  await job.updateData({ ...job.data, step: 'report' })
  if (step === 'delay') {
    await job.moveToDelayed(Date.now() + 20, token)
    throw new DelayedError()
  }
  await job.moveToWait(token)
  throw new WaitingError()
}
