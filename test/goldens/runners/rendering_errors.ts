import { DatabaseError } from '../../../adapters/prisma/errors.ts'
import * as controller from '../../../src/controller/errors.ts'
import * as http from '../../../src/http/errors.ts'
import { InvalidMessage, InvalidSignature } from '../../../src/messages/index.ts'
import * as model from '../../../src/model/errors.ts'

/** What a golden asks for that has no counterpart in JavaScript; `differences.yml` says why, case by case. */
export class NotHere extends Error {}

/** An error of an application that says its status itself, where this project has none that stands for Rails'. */
function withStatus(status: number): new (message: string) => Error {
  return class extends Error {
    readonly status = status
  }
}

const ours: Record<string, new (message: string) => Error> = {
  'AbstractController::ActionNotFound': controller.UnknownAction,
  'AbstractController::DoubleRenderError': controller.DoubleRender,
  'ActionController::BadRequest': http.BadRequest,
  'ActionController::InvalidAuthenticityToken': controller.InvalidAuthenticityToken,
  'ActionController::InvalidCrossOriginRequest': controller.InvalidCrossOriginRequest,
  'ActionController::MethodNotAllowed': http.MethodNotAllowed,
  'ActionController::MissingExactTemplate': controller.UnknownFormat,
  'ActionController::MissingFile': controller.MissingFile,
  'ActionController::NotImplemented': withStatus(501),
  'ActionController::ParameterMissing': controller.ParameterMissing,
  'ActionController::Redirecting::UnsafeRedirectError': controller.UnsafeRedirect,
  'ActionController::RoutingError': http.RouteNotFound,
  'ActionController::TooManyRequests': controller.TooManyRequests,
  'ActionController::UnknownFormat': controller.UnknownFormat,
  'ActionController::UnknownHttpMethod': http.MethodNotAllowed,
  'ActionController::UnpermittedParameters': controller.UnpermittedParameters,
  'ActionDispatch::Http::MimeNegotiation::InvalidType': http.InvalidMediaType,
  'ActionDispatch::Http::Parameters::ParseError': http.ParseError,
  'ActiveModel::ForbiddenAttributesError': model.ForbiddenAttributes,
  'ActiveRecord::ConnectionNotEstablished': DatabaseError,
  'ActiveRecord::RecordNotDestroyed': model.RecordNotDestroyed,
  'ActiveRecord::RecordNotFound': model.RecordNotFound,
  'ActiveRecord::RecordNotSaved': model.RecordNotSaved,
  'ActiveRecord::RecordNotUnique': model.RecordNotUnique,
  'ActiveRecord::SoleRecordExceeded': model.InvalidArgument,
  'ActiveRecord::StaleObjectError': withStatus(409),
  'ActiveRecord::StatementInvalid': DatabaseError,
  'ActiveRecord::StrictLoadingViolationError': model.AssociationNotLoaded,
  'ActiveSupport::MessageEncryptor::InvalidMessage': InvalidMessage,
  'ActiveSupport::MessageVerifier::InvalidSignature': InvalidSignature,
  'Rack::QueryParser::InvalidParameterError': http.BadRequest,
  'Rack::QueryParser::ParameterTypeError': http.BadRequest,
  ArgumentError: RangeError,
  Exception: Error,
  KeyError: Error,
  NoMethodError: TypeError,
  NotImplementedError: Error,
  RuntimeError: Error,
  StandardError: Error,
  'Timeout::Error': Error,
}

/** The error of ours that stands for what a recorded `raise` was given: a class, or an expression that makes one. */
export function raised(error: unknown, message: unknown): Error {
  const [ruby] = Object.values(error as object) as [string]
  return errorFor(ruby, typeof message === 'string' ? message : 'message')
}

function errorFor(ruby: string, message: string): Error {
  if (ruby.startsWith('Class.new(ActiveRecord::RecordNotFound)')) return new (class MyNotFound extends model.RecordNotFound {})(message)
  if (ruby.includes('ActiveRecord::RecordInvalid'))
    return new model.RecordInvalid({ errors: { fullMessages: ["Title can't be blank"] } } as never)
  const error = ours[ruby.replace(/\.new\(.*\)$/, '')]
  if (error === undefined) throw new NotHere(ruby)
  return new error(message)
}
