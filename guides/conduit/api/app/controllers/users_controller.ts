import { isBlank } from 'regauge'
import { User } from '../models/user.ts'
import { ApplicationController } from './application_controller.ts'

export class UsersController extends ApplicationController {
  static {
    this.skipBeforeAction('authenticateOrThrow', { only: ['create', 'login'] })
  }

  async create() {
    const user = await User.createOrThrow(this.userParams())
    this.render({ json: { user: this.userJson(user) }, status: 'created' })
  }

  async login() {
    const creds = this.params.require('user').permit('email', 'password')
    const blank = (['email', 'password'] as const).filter((key) => isBlank(creds.get(key)))
    if (blank.length > 0) {
      const errors = Object.fromEntries(blank.map((key) => [key, ["can't be blank"]]))
      return this.render({ json: { errors }, status: 'unprocessable_entity' })
    }
    const user = await User.authenticateBy({ email: creds.get('email'), password: creds.get('password') })
    if (!user) return this.render({ json: { errors: { credentials: ['invalid'] } }, status: 'unauthorized' })
    this.render({ json: { user: this.userJson(user) } })
  }

  show() {
    this.render({ json: { user: this.userJson(this.currentUser!) } })
  }

  async update() {
    const attrs = this.userParams()
    if (attrs.has('password') && isBlank(attrs.get('password'))) {
      return this.render({ json: { errors: { password: ["can't be blank"] } }, status: 'unprocessable_entity' })
    }
    await this.currentUser!.updateOrThrow(attrs)
    this.render({ json: { user: this.userJson(this.currentUser!) } })
  }

  private userParams() {
    return this.params.require('user').permit('username', 'email', 'password', 'bio', 'image')
  }
}
