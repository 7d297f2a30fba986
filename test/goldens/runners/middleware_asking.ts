import { ApiErrorRenderer, type Guard, Pipeline, type Request, type RequestSettings } from '../../../src/http/index.ts'
import { type InjectedRequest, inject } from '../../http/injected.ts'

/** An answer as the recorder wrote it. */
export interface SentAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** What a pipeline's endpoint learns of a request, or the status of the error it was answered with. */
export async function ask(request: InjectedRequest, settings: RequestSettings, question: (request: Request) => unknown): Promise<unknown> {
  let got: unknown
  const pipeline = new Pipeline({
    request: settings,
    errors: new ApiErrorRenderer({ details: false }),
    router: { find: () => ({ endpoint: (request) => void (got = question(request)) }) },
  })
  const { status } = await inject(pipeline.handle, request)
  return status === 200 ? got : { error: status }
}

/** What is answered by a guard, or by an application behind it that says `ok`: status, body, and of the headers those that Rails
 * answered with, and those that guards write. */
export async function send(
  guard: Guard,
  request: Omit<InjectedRequest, 'headers'> & { readonly headers: Readonly<Record<string, string | null | undefined>> },
  headers: Readonly<Record<string, string | readonly string[]>>,
  wanted: SentAnswer,
): Promise<SentAnswer> {
  const pipeline = new Pipeline({
    guards: [guard],
    errors: new ApiErrorRenderer({ details: false }),
    router: {
      find: () => ({
        endpoint: (_request, response) => {
          response.contentType = 'text/plain'
          response.body = 'ok'
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        },
      }),
    },
  })
  const answer = await inject(pipeline.handle, { ...request, headers: withoutNulls(request.headers) })
  const compared = new Set([...Object.keys(wanted.headers), 'content-type', 'location', 'set-cookie', 'strict-transport-security'])
  const sent = [...compared].map((name): [string, string | string[] | undefined] => [name, answer.header(name)])
  return { status: answer.status, headers: Object.fromEntries(sent) as SentAnswer['headers'], body: answer.body }
}

/** Headers without those that are null. */
export function withoutNulls(headers: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
