import type { PathParameters, RequestAttributes } from '../../../../src/routing/index.ts'

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
  'LegacyRouteSetTests#test_class_and_lambda_constraints': { o1: { matches: ({ subdomains }: RequestAttributes) => subdomains.length === 0 } },
  'TestGenerationPrefix::EngineMountedAtRoot': { o1: () => '', o2: () => 'foo', o3: () => '/', o4: () => '/foo' },
  'TestGenerationPrefix::WithMountedEngine': { o1: () => '', o2: () => 'foo', o3: () => '/', o4: () => '/foo' },
}

/** The blocks of one test, by the id that its recording gives them. */
export function handPorted(test: { readonly id: string; readonly class: string }): Readonly<Record<string, unknown>> {
  return blocks[test.id] ?? blocks[test.class] ?? {}
}
