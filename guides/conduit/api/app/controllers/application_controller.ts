import jwt from 'jsonwebtoken'
import { Controller, isPresent, ParameterMissing, RecordInvalid, RecordNotFound, underscore } from 'regauge'
import type { Article } from '../models/article.ts'
import type { Comment } from '../models/comment.ts'
import * as JsonWebToken from '../models/json_web_token.ts'
import { User } from '../models/user.ts'

export class Forbidden extends Error {}

export class ApplicationController extends Controller {
  static {
    this.beforeAction('authenticateOrThrow')
    this.rescueFrom(RecordNotFound, (controller, error) => {
      const name = error.model === 'User' ? 'profile' : underscore(error.model)
      controller.render({ json: { errors: { [name]: ['not found'] } }, status: 'not_found' })
    })
    this.rescueFrom(RecordInvalid, (controller, error) => {
      const taken = Object.values(error.record.errors.details)
        .flat()
        .some((detail) => detail.error === 'taken')
      controller.render({ json: { errors: error.record.errors }, status: taken ? 'conflict' : 'unprocessable_entity' })
    })
    this.rescueFrom(Forbidden, (controller, error) =>
      controller.render({ json: { errors: { [error.message]: ['forbidden'] } }, status: 'forbidden' }),
    )
    this.rescueFrom(ParameterMissing, (controller, error) =>
      controller.render({ json: { errors: { [error.param]: ["can't be blank"] } }, status: 'unprocessable_entity' }),
    )
  }

  protected currentUser: User | null = null

  protected async authenticateOrThrow() {
    await this.loadUser()
    if (this.currentUser) return
    this.render({
      json: { errors: { token: [isPresent(this.request.authorization) ? 'is invalid' : 'is missing'] } },
      status: 'unauthorized',
    })
  }

  protected async loadUser() {
    try {
      const token = /^(?:Token|Bearer) (.+)$/.exec(this.request.authorization ?? '')?.[1]
      if (!token) return
      this.currentUser = await User.findBy({ id: JsonWebToken.decode(token).id })
    } catch (error) {
      if (!(error instanceof jwt.JsonWebTokenError)) throw error
    }
  }

  protected userJson(user: User) {
    return { username: user.username, email: user.email, bio: user.bio, image: user.image, token: user.token() }
  }

  protected async profileJson(user: User) {
    return { username: user.username, bio: user.bio, image: user.image, following: (await this.currentUser?.isFollows(user)) || false }
  }

  protected async articleJson(article: Article, { body = true } = {}) {
    const { currentUser } = this
    const json = {
      slug: article.slug,
      title: article.title,
      description: article.description,
      tagList: await article.tagList(),
      createdAt: article.created_at.toISOString(),
      updatedAt: article.updated_at.toISOString(),
      favorited: currentUser ? (await article.favorites).some((favorite) => favorite.user_id === currentUser.id) : false,
      favoritesCount: article.favorites_count,
      author: await this.profileJson(await article.author),
    }
    return body ? { ...json, body: article.body } : json
  }

  protected async commentJson(comment: Comment) {
    return {
      id: comment.id,
      body: comment.body,
      createdAt: comment.created_at.toISOString(),
      updatedAt: comment.updated_at.toISOString(),
      author: await this.profileJson(await comment.author),
    }
  }
}
