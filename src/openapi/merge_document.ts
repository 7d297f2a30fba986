import type { Components, Operation, OpenApiDocument, PathItem } from './document.ts'

/** Lays a written document over a derived one: what is written wins, field by field of an operation, name by name of components. */
export function mergeDocument(derived: OpenApiDocument, written: Partial<OpenApiDocument>): OpenApiDocument {
  const paths = { ...derived.paths }
  for (const [path, item] of Object.entries(written.paths ?? {})) paths[path] = mergePath(paths[path], item)
  const tags = [...(written.tags ?? []), ...(derived.tags ?? [])].filter(
    (tag, index, all) => all.findIndex((other) => other.name === tag.name) === index,
  )
  const components = mergeComponents(derived.components, written.components)
  return { ...derived, paths, tags, ...(components ? { components } : {}) }
}

function mergePath(derived: PathItem = {}, written: PathItem): PathItem {
  const merged: Record<string, unknown> = { ...derived }
  for (const [method, operation] of Object.entries(written)) {
    const before = merged[method] as Operation | undefined
    merged[method] = before ? { ...before, ...operation } : operation
  }
  return merged as PathItem
}

function mergeComponents(derived: Components | undefined, written: Components | undefined): Components | undefined {
  if (written === undefined) return derived
  const merged: Components = { ...derived }
  for (const [kind, named] of Object.entries(written))
    if (named && Object.keys(named).length > 0) merged[kind] = { ...merged[kind], ...named }
  return Object.keys(merged).length > 0 ? merged : undefined
}
