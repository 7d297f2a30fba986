import { expect } from 'chai'
import { join } from 'node:path'
import { compileAction, Controller, type ControllerClass, controllerSettings, type WrapTarget } from '../../src/controller/index.ts'
import { ApiErrorRenderer, Pipeline } from '../../src/http/index.ts'
import { readGolden } from '../goldens/golden_file.ts'
import { inject } from '../http/injected.ts'
import { serve } from './serving.ts'

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
class Post {}
class Person {}
const declared: Record<string, WrapTarget> = {
  wrap_off: false,
  wrap_name: 'post',
  wrap_child: 'post',
  wrap_string: 'thing',
  wrap_model: Post,
  wrap_model_person: Person,
  wrap_include: { include: ['title', 'extra'] },
  wrap_child_include: { include: ['title', 'extra'] },
  wrap_exclude: { exclude: ['title'] },
  wrap_name_include: { name: 'article', include: ['title'] },
  wrap_user_password: { name: 'user', include: [...attributes['user']!, 'password'] },
  wrap_form: { name: 'post', formats: ['application/json', ...forms] },
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

  it('take a name, a model or a format as wrap_parameters does', async () => {
    const sent = { title: 'A', age: 3, extra: true }
    const wrapped = async (...declaration: Parameters<typeof Controller.wrapParameters>) => {
      class PostsController extends Controller {
        static {
          this.wrapParameters(...declaration)
        }
        create() {
          const { title: _, age: __, extra: ___, ...rest } = this.params.toUnsafe()
          this.render({ json: rest })
        }
      }
      const serving = await serve(PostsController, ['create'])
      try {
        return (await serving.post('create', sent)).json as unknown
      } finally {
        await serving.close()
      }
    }
    // A name alone changes nothing about whose attributes are meant: those of the controller's model.
    expect(await wrapped('article')).to.deep.equal({ article: { title: 'A' } })
    expect(await wrapped('article', { include: ['title', 'extra'] })).to.deep.equal({ article: { title: 'A', extra: true } })
    expect(await wrapped('article', { exclude: 'extra' })).to.deep.equal({ article: { title: 'A', age: 3 } })
    expect(await wrapped(Person)).to.deep.equal({ person: { age: 3 } })
    expect(await wrapped(Person, { include: 'extra' })).to.deep.equal({ person: { extra: true } })
    expect(await wrapped({ format: ['json'] })).to.deep.equal({ post: { title: 'A' } })
    expect(await wrapped({ format: 'xml' })).to.deep.equal({})
    expect(await wrapped(false)).to.deep.equal({})
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
