import { User } from '../models/user.ts'
import { ApplicationController } from './application_controller.ts'

export class ProfilesController extends ApplicationController {
  static {
    this.skipBeforeAction('authenticateOrThrow', { only: 'show' })
    this.beforeAction('loadUser', { only: 'show' })
    this.beforeAction(async function () {
      this.user = await User.findByOrThrow({ username: this.params.string('username')! })
    })
  }

  declare user: User

  async show() {
    this.render({ json: { profile: await this.profileJson(this.user) } })
  }

  async follow() {
    await this.currentUser!.followOrThrow(this.user)
    await this.show()
  }

  async unfollow() {
    await this.currentUser!.unfollowOrThrow(this.user)
    await this.show()
  }
}
