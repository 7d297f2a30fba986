import jwt from 'jsonwebtoken'
import { application, days } from 'regauge'

export const secret = () => application().config.secretKeyBase

export const encode = (payload: object) =>
  jwt.sign({ ...payload, exp: Math.floor(days(60).from().getTime() / 1000) }, secret(), { noTimestamp: true })

export const decode = (token: string) => jwt.verify(token, secret(), { algorithms: ['HS256'] }) as jwt.JwtPayload
