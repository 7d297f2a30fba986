import { Controller, type ControllerClass, controllerSettings, type WrapTarget } from '../../../src/controller/index.ts'
import { camelize } from '../../../src/naming/index.ts'

const userAttributes = ['id', 'name', 'email', 'password_digest']
const postAttributes = 'id title body author_id settings meta created_at updated_at color headline comments_attributes'.split(' ')

/** The attributes of the recorder's models, as an application tells them to its controllers. */
const attributes: Readonly<Record<string, readonly string[]>> = { post: postAttributes, user: userAttributes, person: ['name', 'age'] }

class Post {}
class Person {}

/** What the recorder's controllers wrap, by name. */
export const wrapping: Readonly<Record<string, WrapTarget>> = {
  wrap_off: false,
  wrap_name: 'post',
  wrap_string: 'thing',
  wrap_model: Post,
  wrap_model_person: Person,
  wrap_include: { include: ['title', 'extra'] },
  wrap_exclude: { exclude: ['title'] },
  wrap_name_include: { name: 'article', include: ['title'] },
  wrap_user_password: { name: 'user', include: [...userAttributes, 'password'] },
  wrap_form: { name: 'post', formats: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'] },
  wrap_form_only: { formats: ['application/x-www-form-urlencoded'] },
  wrap_child: 'post',
  wrap_child_include: { include: ['title', 'extra'] },
}

/** The recorder's controller of that name, whose actions `rec` and `skip` hand their parameters to `record`. */
export function wrappingController(name: string, record: (controller: Controller) => Promise<void>): ControllerClass {
  const className = `${camelize(name.split('/').at(-1)!)}Controller`
  const classes = {
    [className]: class extends Controller {
      async rec(): Promise<void> {
        await record(this)
        this.head('ok')
      }
      skip(): Promise<void> {
        return this.rec()
      }
    },
  }
  const controller = classes[className]!
  const options = wrapping[name]
  if (options !== undefined) controller.wrapParameters(options)
  if (name === 'enc') {
    controller.paramEncoding('rec', 'latin', 'iso-8859-1')
    controller.skipParameterEncoding('skip')
  }
  return controller
}

/** Runs `work` with the recorder's models known to controllers. */
export async function withModels<T>(work: () => Promise<T>): Promise<T> {
  const before = controllerSettings.attributesToWrap
  controllerSettings.attributesToWrap = (name) => attributes[name]
  try {
    return await work()
  } finally {
    controllerSettings.attributesToWrap = before
  }
}
