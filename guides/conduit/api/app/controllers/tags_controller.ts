import { Tag } from '../models/tag.ts'
import { ApplicationController } from './application_controller.ts'

export class TagsController extends ApplicationController {
  static {
    this.skipBeforeAction('authenticateOrThrow')
  }

  async index() {
    this.render({ json: { tags: await Tag.order('id').pluck('name') } })
  }
}
