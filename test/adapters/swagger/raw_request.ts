import { request } from 'node:http'

/** Requests whose path is sent as it is; `fetch` would tidy it up. */
export const RawRequest = {
  status(port: number, path: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      sent.end()
    })
  },
}
