import { expect } from 'chai'
import { Controller } from '../../src/controller/index.ts'
import { subscribe, unsubscribe } from '../../src/notifications/index.ts'
import { type Serving, serve } from './serving.ts'

describe('the event of an action', () => {
  class Orders extends Controller {
    override appendInfoToPayload(payload: Record<string, unknown>) {
      super.appendInfoToPayload(payload)
      payload['client'] = this.request.header('x-client')
      payload['status_was'] = payload['status']
    }
    index() {
      this.head('accepted')
    }
    broken() {
      throw new Error('broken')
    }
  }
  const payloads: Record<string, unknown>[] = []
  let serving: Serving
  let subscription: ReturnType<typeof subscribe>
  before(async () => {
    serving = await serve(Orders, ['index', 'broken'])
    subscription = subscribe('process_action.action_controller', (event) => void payloads.push(event.payload as Record<string, unknown>))
  })
  after(async () => {
    unsubscribe(subscription)
    await serving.close()
  })

  it('tells what the controller adds to it', async () => {
    await serving.get('index', { headers: { 'x-client': 'ios' } })
    expect(payloads.at(-1)).to.include({ client: 'ios', status: 202, status_was: 202 })
  })

  it('tells it of failures too', async () => {
    await serving.get('broken', { headers: { 'x-client': 'ios' } })
    expect(payloads.at(-1)).to.include({ client: 'ios', status: 500, status_was: 500 })
  })

  it('names a controller with the folders it lies in', async () => {
    class Routed extends Orders {
      constructor(...[request, response, action]: ConstructorParameters<typeof Orders>) {
        request.pathParameters = { controller: 'api/v2/orders', action }
        super(request, response, action)
      }
    }
    const routed = await serve(Routed, ['index'])
    await routed.get('index')
    await routed.close()
    expect(payloads.at(-1)).to.include({ controller: 'Api::V2::OrdersController', action: 'index' })
  })
})
