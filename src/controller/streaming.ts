import { extname } from 'node:path'
import { ClientDisconnected, mediaTypeOf, ResponseBody } from '../http/index.ts'
import { contentDisposition } from './content_disposition.ts'
import { SendingFiles, type SendDataOptions } from './sending_files.ts'

/** How a streamed file is sent. */
export interface SendStreamOptions extends SendDataOptions {
  readonly filename: string
}

/** Answers that are made while they are sent. */
export abstract class Streaming extends SendingFiles {
  /** Sends a file that is written while it is sent. The function runs when the action has ended, and `write` waits for slow clients.
   *
   * @throws DoubleRender (REGAUGE_DOUBLE_RENDER)
   * @example
   * this.sendStream({ filename: 'orders.csv' }, async (stream) => {
   *   for await (const order of Order.findEach()) await stream.writeln(`${order.id},${order.total}`)
   * })
   */
  sendStream(options: SendStreamOptions, write: (stream: ResponseBody) => unknown): void {
    this.refuseSecondAnswer()
    const { filename, disposition = 'attachment', type } = options
    const { response } = this
    const body: ResponseBody = new ResponseBody({ onRead: () => void run().catch((error: Error) => fail(body, error)) })
    const run = async (): Promise<void> => {
      await write(body)
      body.close()
    }
    response.contentType = mediaTypeOf(type ?? extname(filename).slice(1).toLowerCase()) ?? type ?? 'application/octet-stream'
    if (disposition !== null) response.setHeader('content-disposition', contentDisposition(disposition, filename))
    response.body = body
  }
}

function fail(body: ResponseBody, error: Error): void {
  if (error instanceof ClientDisconnected) body.close()
  else body.destroy(error)
}
