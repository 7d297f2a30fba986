import { expect } from 'chai'
import { Event, type EventConstructor, eventMixin, notifications, publish, Subscriber } from 'regauge'
import { captureEvents, captureNotifications, type TestApplication, testApplication } from 'regauge/testing'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { rejection } from '../model/rejection.ts'

const Audited = eventMixin((Parent: EventConstructor) => class extends Parent<{ actor: string }> {}, 'Audited')
class Paid extends Audited(Event) {}
class PaidTwice extends Paid {}
class Refunded extends Event<{ amount: number }> {}

describe('captureEvents', () => {
  it('answers the events of a class and of those derived from it, or made with a mixin', async () => {
    const pay = async () => {
      await publish(new Paid({ actor: 'ann' }))
      await publish(new Refunded({ amount: 3 }))
      await publish(new PaidTwice({ actor: 'bob' }))
    }
    expect((await captureEvents(Paid, pay)).map(({ actor }) => actor)).to.deep.equal(['ann', 'bob'])
    expect((await captureEvents(Audited, pay)).map(({ actor }) => actor)).to.deep.equal(['ann', 'bob'])
    expect(await captureEvents(PaidTwice, pay)).to.have.lengthOf(1)
  })

  it('leaves subscribers what they get, and nothing behind', async () => {
    const seen: number[] = []
    class Refunds extends Subscriber {
      static {
        this.subscribeTo(Refunded)
      }
      call(event: Refunded) {
        seen.push(event.amount)
      }
    }
    const captured = await captureEvents(Refunded, () => publish(new Refunded({ amount: 1 })))
    const failing = captureEvents(Refunded, () => Promise.reject(new RangeError(Refunds.name)))
    await rejection(failing, RangeError)
    await publish(new Refunded({ amount: 2 }))
    expect([captured.length, seen]).to.deep.equal([1, [1, 2]])
  })

  describe('of an application', () => {
    let application: TestApplication
    before(async () => {
      application = await testApplication({ root: ordersWith(), holdsJobs: true })
    })
    after(async () => {
      await application.stop()
      removeFolders()
    })

    it('has what requests publish', async () => {
      const headers = { 'x-api-key': 'secret' }
      const order = { amount: 2, product_id: 7 }
      const [event] = await captureEvents(Event, () => application.post('/orders', { headers, json: { order } }))
      expect(event).to.have.nested.property('order.amount', 2)
    })
  })
})

describe('captureNotifications', () => {
  it('answers those of a name or a pattern, while the work lasts', async () => {
    const work = async () => {
      notifications.instrument('render.report', { id: 7 })
      await Promise.resolve()
      notifications.instrument('send.report', { id: 8 })
    }
    const [rendered, ...others] = await captureNotifications('render.report', work)
    expect(rendered?.payload).to.deep.equal({ id: 7 })
    expect(others).to.deep.equal([])
    expect(await captureNotifications(/report$/, work)).to.have.lengthOf(2)
    expect(notifications.isListening('render.report')).to.equal(false)
  })
})
