import type { CustomUrlBlock, PathParameters, RequestAttributes, UrlHelpers, UrlOptions } from '../../../../src/routing/index.ts'
import type { JsonHash } from './types.ts'

/** Blocks of Rails' tests written again, by class and test: the recording only holds their place. */
const blocks: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'TestRoutingMapper#test_redirect_proc': {
    o1: ({ name }: PathParameters) => `/${String(name) === 'person' ? 'people' : `${String(name)}s`}`,
  },
  'TestRoutingMapper#test_redirect_class': {
    o1: ({ youtube_id: id }: PathParameters) => `http://www.youtube.com/watch?v=${String(id)}`,
  },
  'TestRoutingMapper#test_admin': { o1: { matches: ({ remoteIp }: RequestAttributes) => /192\.168\.1\.1\d\d/.test(remoteIp) } },
  'TestConstraintsAccessingParameters#test_parameters_are_reset_between_constraint_checks': {
    o1: (_: RequestAttributes, { foo }: PathParameters) => foo === 'foo',
  },
  'TestRecognizePath#test_class_constraints_dont_leak_between_routes': {
    o3: { matches: (_: RequestAttributes, { foo }: PathParameters) => /foo/.test(String(foo)) },
    o4: { matches: (_: RequestAttributes, { bar }: PathParameters) => /bar/.test(String(bar)) },
  },
  FlashRedirectTest: { o1: () => '/bar' },
  'LegacyRouteSetTests#test_class_and_lambda_constraints': {
    o1: { matches: ({ subdomains }: RequestAttributes) => subdomains.length > 0 && subdomains[0] !== 'clients' },
  },
  'TestGenerationPrefix::EngineMountedAtRoot': { o1: () => '', o2: () => 'foo', o3: () => '/', o4: () => '/foo' },
  'TestGenerationPrefix::WithMountedEngine': { o1: () => '', o2: () => 'foo', o3: () => '/', o4: () => '/foo' },
}

/** The blocks of the tests of `direct` and `resolve`, by their place. */
const customUrls: Readonly<Record<string, CustomUrlBlock>> = {
  o1: () => 'http://www.rubyonrails.org',
  o2: () => 'http://www.rubyonrails.org',
  o3: (_options: UrlOptions, helpers: UrlHelpers) => helpers.named['basketUrl']!(),
  o4: (record: { id: string }) => [record.constructor.name.toLowerCase(), { id: record.id }],
  o5: (record: object, _options: UrlOptions, helpers: UrlHelpers) => helpers.routeFor('linkable', record),
  o6: (parameters: object) => parameters,
  o7: () => ['basket'],
  o8: () => ({ controller: 'basket', action: 'show' }),
  o9: () => ['admin', 'dashboard'],
  o10: (options: UrlOptions) => ['products', options],
  o11: (options: UrlOptions) => ['products', options],
  o12: (options: UrlOptions) => ['products', options],
  o13: (record: { id: string }) => ['post', { id: record.id }],
  o14: () => ['basket'],
  o15: (record: object, _options: UrlOptions, helpers: UrlHelpers) => helpers.routeFor('linkable', record),
  o16: (_record: object, options: UrlOptions) => ['profile', options],
  o17: (record: { id: string }) => ['media', { id: record.id }],
  o18: (record: { id: string }) => ['page', { id: record.id }],
}

/** The blocks of one test, by the id that its recording gives them. */
export function handPorted(test: { readonly id: string; readonly class: string }): Readonly<Record<string, unknown>> {
  return blocks[test.id] ?? blocks[test.class] ?? (test.class === 'TestCustomUrlHelpers' ? customUrls : {})
}

/** Default URL options that a test gives to the application which mounts its engine: only the engine's draw was recorded. */
const defaultsOfHosts: Readonly<Record<string, JsonHash>> = {
  "TestGenerationPrefix::WithMountedEngine#test_[OBJECT]_generating_engine's_route_includes_default_url_options[:script_name]": {
    script_name: '/something',
  },
}

/** The default URL options of the application around the engine of a test; undefined when the test sets none. */
export function hostDefaults(test: { readonly id: string }): JsonHash | undefined {
  return defaultsOfHosts[test.id]
}
