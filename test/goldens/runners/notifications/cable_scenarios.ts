import { once } from 'node:events'
import { WebSocket } from 'ws'
import { broadcast } from '../../../../src/cable/index.ts'
import type { TestApplication } from '../../../../src/testing/index.ts'

const room = JSON.stringify({ channel: 'ChatChannel', room: 'a' })

type Step = (test: TestApplication) => Promise<unknown>

/** What the recorder does over a WebSocket, in its order. */
export function cableScenarios(): Readonly<Record<string, Step>> {
  let client: WebSocket | undefined
  const say = (command: object) => async () => {
    client!.send(JSON.stringify(command))
    await handled(client!)
  }
  const perform = (action: string, data = {}) => say({ command: 'message', identifier: room, data: JSON.stringify({ action, ...data }) })
  return {
    'cable.connect_close': async (test) => leave(test, await connect(test, '/cable?token=ann')),
    'cable.unauthorized': async (test) => {
      const refused = await connect(test, '/cable')
      if (refused.readyState !== WebSocket.CLOSED) await leave(test, refused)
      else await idle(test)
    },
    'cable.subscribe': async (test) => {
      client = await connect(test, '/cable?token=ann')
      await say({ command: 'subscribe', identifier: room })()
    },
    'cable.perform_broadcast': perform('speak', { text: 'hi', password: 'x' }),
    'cable.perform_transmit': perform('echo', { text: 'hi' }),
    'cable.perform_unknown': perform('nope'),
    'cable.perform_error': perform('boom'),
    'cable.server_broadcast': async (test) => {
      await test.run(() => broadcast('chat_a', { n: 1 }))
      await handled(client!)
    },
    'cable.unsubscribe': say({ command: 'unsubscribe', identifier: room }),
    'cable.reject': say({ command: 'subscribe', identifier: JSON.stringify({ channel: 'ChatChannel' }) }),
    'cable.bad_command': say({ command: 'zzz' }),
    'cable.disconnect': (test) => leave(test, client!),
  }
}

/** Resolves when the server has let the client in, or turned it away. */
async function connect(test: TestApplication, path: string): Promise<WebSocket> {
  const client = new WebSocket(test.url.replace('http', 'ws') + path, ['actioncable-v1-json'], { headers: { 'x-request-id': 'ws-1' } })
  await once(client, 'message')
  if (path === '/cable' && client.readyState !== WebSocket.CLOSED) await once(client, 'close')
  return client
}

async function leave(test: TestApplication, client: WebSocket): Promise<void> {
  client.close()
  await once(client, 'close')
  await idle(test)
}

async function idle(test: TestApplication): Promise<void> {
  while (test.application.cable!.connections().length > 0) await turns(1)
  await turns(20)
}

/** What was sent before a ping has been read when it is answered, and is handled in the turns after. */
async function handled(client: WebSocket): Promise<void> {
  client.ping()
  await once(client, 'pong')
  await turns(20)
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}
