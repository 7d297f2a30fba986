let registered = false

/** Lets the process import the application's TypeScript files: by Node's own type stripping where it exists, else through tsx (Node 20). Once. */
export async function registerTypeScript(): Promise<void> {
  if (registered || process.features.typescript || loadedByTsx()) return
  registered = true
  const { register } = await import('tsx/esm/api')
  register()
}

function loadedByTsx(): boolean {
  return process.execArgv.some((argument) => /\btsx\b/.test(argument))
}
