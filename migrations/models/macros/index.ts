import { camelize } from '../../../src/naming/index.ts'
import { accessor, attribute, attributeAlias, classAttribute, enumeration, plain } from './attributes.ts'
import { delegate } from './delegate.ts'
import { association } from './associations.ts'
import { connection } from './connections.ts'
import { composedOf } from './composed_of.ts'
import { callback, callbackNames } from './callbacks.ts'
import type { Macro } from './macro.ts'
import { defaultScope, scope } from './scopes.ts'
import { validate, validates, validatesAssociated, validatesEach, validatesOf, validatesWith } from './validations.ts'

const plainNames =
  `normalizes encrypts has_secure_password has_secure_token accepts_nested_attributes_for attr_readonly store_accessor store serialize query_constraints
  generates_token_for delegated_type counter_culture has_one_attached has_many_attached has_rich_text self_readonly broadcasts broadcasts_to
  broadcasts_refreshes`.split(/\s+/)
const rulesOf = 'presence absence uniqueness length format inclusion exclusion numericality acceptance confirmation comparison size'.split(
  ' ',
)

/** One porter for each macro of Rails, by its Ruby name. */
export const macros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ['belongs_to', association('belongsTo')],
  ['has_one', association('hasOne')],
  ['has_many', association('hasMany')],
  ['has_and_belongs_to_many', association('hasAndBelongsToMany')],
  ['validates', validates],
  ['validates!', validates],
  ['validate', validate],
  ['validates_each', validatesEach],
  ['validates_associated', validatesAssociated],
  ['validates_with', validatesWith],
  ...rulesOf.map((rule) => [`validates_${rule}_of`, validatesOf(rule === 'size' ? 'length' : rule)] as const),
  ...callbackNames.map((name) => [name, callback(name)] as const),
  ['connects_to', connection],
  ['establish_connection', connection],
  ['scope', scope],
  ['default_scope', defaultScope],
  ['enum', enumeration],
  ['attribute', attribute],
  ['alias_attribute', attributeAlias],
  ['composed_of', composedOf],
  ['delegate', delegate],
  ['attr_accessor', accessor],
  ['attr_reader', accessor],
  ['attr_writer', accessor],
  ['class_attribute', classAttribute],
  ['cattr_accessor', classAttribute],
  ['cattr_reader', classAttribute],
  ['mattr_reader', classAttribute],
  ['mattr_accessor', classAttribute],
  ['thread_mattr_accessor', classAttribute],
  ...plainNames.map((name) => [name, plain(camelize(name, 'lower'))] as const),
])
