import { DoubleRender, ParameterMissing, UnpermittedParameters } from '../../../src/controller/index.ts'
import { BadRequest, InvalidMediaType, MethodNotAllowed, ParseError } from '../../../src/http/index.ts'
import { RecordInvalid, RecordNotFound, RecordNotSaved, RecordNotUnique } from '../../../src/model/errors.ts'
import { NotBuilt } from './rendering_values.ts'

const ours: Record<string, new (message: string) => Error> = {
  'AbstractController::DoubleRenderError': DoubleRender,
  'ActionController::BadRequest': BadRequest,
  'ActionController::ParameterMissing': ParameterMissing,
  'ActionController::UnknownHttpMethod': MethodNotAllowed,
  'ActionController::UnpermittedParameters': UnpermittedParameters,
  'ActionDispatch::Http::MimeNegotiation::InvalidType': InvalidMediaType,
  'ActionDispatch::Http::Parameters::ParseError': ParseError,
  'ActiveRecord::RecordNotFound': RecordNotFound,
  'ActiveRecord::RecordNotSaved': RecordNotSaved,
  'ActiveRecord::RecordNotUnique': RecordNotUnique,
  'Rack::QueryParser::InvalidParameterError': BadRequest,
  Exception: Error,
  NoMethodError: TypeError,
  NotImplementedError: Error,
  RuntimeError: Error,
  StandardError: Error,
  'Timeout::Error': Error,
}

/** The error of ours that stands for a Ruby class or an expression that makes one. */
export function errorFor(ruby: string, message: string): Error {
  if (ruby.startsWith('Class.new(ActiveRecord::RecordNotFound)')) return new (class MyNotFound extends RecordNotFound {})(message)
  if (ruby.includes('ActiveRecord::RecordInvalid'))
    return new RecordInvalid({ errors: { fullMessages: ["Title can't be blank"] } } as never)
  const error = ours[ruby.replace(/\.new\(.*\)$/, '')]
  if (error === undefined) throw new NotBuilt(ruby)
  return new error(message)
}
