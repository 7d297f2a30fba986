/** The routing DSL's functions in the order they are destructured: Rails' name → the name they are called by. */
export const dslNames: Record<string, string> = {
  root: 'root',
  get: 'get',
  post: 'post',
  put: 'put',
  patch: 'patch',
  delete: 'destroy',
  options: 'options',
  match: 'match',
  namespace: 'namespace',
  scope: 'scope',
  resources: 'resources',
  resource: 'resource',
  member: 'member',
  collection: 'collection',
  new: 'onNew',
  nested: 'nested',
  shallow: 'shallow',
  concern: 'concern',
  concerns: 'concerns',
  constraints: 'constraints',
  defaults: 'defaults',
  controller: 'controller',
  with_options: 'withOptions',
  mount: 'mount',
  redirect: 'redirect',
  connect: 'connect',
  direct: 'direct',
  resolve: 'resolve',
  default_url_options: 'defaultUrlOptions',
  resources_path_names: 'resourcesPathNames',
}

/** The names as a destructuring pattern, such as `{ get, delete: destroy }`. */
export function destructured(used: ReadonlySet<string>): string[] {
  return Object.entries(dslNames)
    .filter(([name]) => used.has(name))
    .map(([name, called]) => (dslProperty(name) === called ? called : `${dslProperty(name)}: ${called}`))
}

/** The property of the DSL object that a name of Rails' DSL is. */
export function dslProperty(name: string): string {
  return name.includes('_') ? dslNames[name]! : name
}
