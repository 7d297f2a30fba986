import { expect } from 'chai'
import { join } from 'node:path'
import { compileAction, Controller, type ControllerClass, controllerSettings, type WrapParameters } from '../../src/controller/index.ts'
import { ApiErrorRenderer, Pipeline } from '../../src/http/index.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { inject } from '../http/injected.ts'

interface WrapCase {
  readonly id: string
  readonly request: { method: string; path: string; headers: Record<string, string>; body?: string }
  readonly path_params?: { controller: string }
  readonly params?: unknown
}

const attributes: Record<string, readonly string[]> = {
  post: ['id', 'title', 'body', 'author_id', 'settings', 'meta', 'created_at', 'updated_at', 'color', 'headline', 'comments_attributes'],
  user: ['id', 'name', 'email', 'password_digest'],
  person: ['name', 'age'],
}
const forms = ['application/x-www-form-urlencoded', 'multipart/form-data']

// What the recorder's controllers declare; the others declare nothing.
const declared: Record<string, WrapParameters | false> = {
  wrap_off: false,
  wrap_name: { name: 'post', exclude: [] },
  wrap_child: { name: 'post', exclude: [] },
  wrap_string: { name: 'thing', exclude: [] },
  wrap_model: { name: 'post', include: attributes['post']! },
  wrap_model_person: { name: 'person', include: attributes['person']! },
  wrap_include: { include: ['title', 'extra'] },
  wrap_child_include: { include: ['title', 'extra'] },
  wrap_exclude: { exclude: ['title'] },
  wrap_name_include: { name: 'article', include: ['title'] },
  wrap_user_password: { name: 'user', include: [...attributes['user']!, 'password'] },
  wrap_form: { name: 'post', exclude: [], formats: ['application/json', ...forms] },
  wrap_form_only: { formats: ['application/x-www-form-urlencoded'] },
}

describe('wrapped parameters', () => {
  before(() => {
    controllerSettings.attributesToWrap = (name) => attributes[name]
  })
  after(() => {
    controllerSettings.attributesToWrap = undefined
  })

  it('are found below the name of the controller as Rails finds them', async () => {
    const golden = (await readGolden(join(import.meta.dirname, '../goldens/rails/param_parsing.json.gz'))) as { cases: WrapCase[] }
    const cases = golden.cases.filter(({ id, params }) => id.startsWith('wrap.') && params !== undefined)
    expect(cases.length).to.be.greaterThan(100)
    for (const one of cases) expect(await parametersOf(one), one.id).to.deep.equal(one.params)
  })
})

async function parametersOf(one: WrapCase): Promise<unknown> {
  let seen: unknown
  class Recorder extends Controller {
    rec() {
      seen = JSON.parse(JSON.stringify(this.params))
    }
  }
  const name = one.path_params!.controller
  const className = name
    .split('/')
    .at(-1)!
    .replace(/(?:^|_)(.)/g, (_match, letter: string) => letter.toUpperCase())
  Object.defineProperty(Recorder, 'name', { value: `${className}Controller` })
  if (declared[name] !== undefined) Recorder.wrapParameters(declared[name])
  const pipeline = new Pipeline({
    errors: new ApiErrorRenderer({ details: true }),
    router: {
      find(request) {
        request.pathParameters = Object.assign(Object.create(null), one.path_params)
        return { endpoint: compileAction(Recorder as unknown as ControllerClass, 'rec') }
      },
    },
  })
  const { body, ...request } = one.request
  await inject(pipeline.handle, { ...request, body: body === undefined ? undefined : Buffer.from(body) })
  return seen
}
