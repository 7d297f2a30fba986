import {
  DoubleRender,
  InvalidAuthenticityToken,
  MissingFile,
  ParameterMissing,
  TooManyRequests,
  UnknownFormat,
  UnpermittedParameters,
} from '../../../src/controller/index.ts'
import { InvalidMessage, InvalidSignature } from '../../../src/messages/index.ts'
import { DatabaseError } from '../../../adapters/prisma/errors.ts'
import { BadRequest, InvalidMediaType, MethodNotAllowed, ParseError } from '../../../src/http/index.ts'
import {
  AssociationNotLoaded,
  InvalidArgument,
  RecordInvalid,
  RecordNotFound,
  RecordNotSaved,
  RecordNotUnique,
} from '../../../src/model/errors.ts'

/** What a golden asks for that has no counterpart in JavaScript; `differences.yml` says why, case by case. */
export class NotHere extends Error {}

const ours: Record<string, new (message: string) => Error> = {
  'AbstractController::DoubleRenderError': DoubleRender,
  'ActionController::BadRequest': BadRequest,
  'ActionController::InvalidAuthenticityToken': InvalidAuthenticityToken,
  'ActionController::MissingFile': MissingFile,
  'ActionController::TooManyRequests': TooManyRequests,
  'ActionController::UnknownFormat': UnknownFormat,
  'ActionController::ParameterMissing': ParameterMissing,
  'ActionController::UnknownHttpMethod': MethodNotAllowed,
  'ActionController::UnpermittedParameters': UnpermittedParameters,
  'ActionDispatch::Http::MimeNegotiation::InvalidType': InvalidMediaType,
  'ActionDispatch::Http::Parameters::ParseError': ParseError,
  'ActiveRecord::ConnectionNotEstablished': DatabaseError,
  'ActiveRecord::StatementInvalid': DatabaseError,
  'ActiveRecord::RecordNotFound': RecordNotFound,
  'ActiveRecord::RecordNotSaved': RecordNotSaved,
  'ActiveRecord::RecordNotUnique': RecordNotUnique,
  'ActiveRecord::SoleRecordExceeded': InvalidArgument,
  'ActiveRecord::StrictLoadingViolationError': AssociationNotLoaded,
  'Rack::QueryParser::InvalidParameterError': BadRequest,
  'ActiveSupport::MessageEncryptor::InvalidMessage': InvalidMessage,
  'ActiveSupport::MessageVerifier::InvalidSignature': InvalidSignature,
  Exception: Error,
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
  if (ruby.startsWith('Class.new(ActiveRecord::RecordNotFound)')) return new (class MyNotFound extends RecordNotFound {})(message)
  if (ruby.includes('ActiveRecord::RecordInvalid'))
    return new RecordInvalid({ errors: { fullMessages: ["Title can't be blank"] } } as never)
  const error = ours[ruby.replace(/\.new\(.*\)$/, '')]
  if (error === undefined) throw new NotHere(ruby)
  return new error(message)
}
