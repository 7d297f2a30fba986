import { type Command, InvalidArgumentError } from 'commander'
import type { CredentialsTasks } from '../../application/credentials/credentials_tasks.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { editText } from '../editor.ts'
import { printResult } from '../output.ts'

interface CredentialsOptions extends AppOptions {
  readonly environment?: string
}

/** The `credentials:` commands: secrets that are kept encrypted in the repository, in the files of Rails. */
export function register(program: Command): void {
  credentialsCommand(program, 'credentials:show', 'print the decrypted credentials').action(show)
  credentialsCommand(program, 'credentials:edit', 'open the decrypted credentials in $VISUAL or $EDITOR, and encrypt what is saved').action(
    edit,
  )
  credentialsCommand(program, 'credentials:fetch', 'print one value of the credentials')
    .argument('<path>', 'its names, as in aws.access_key_id')
    .action(fetchValue)
}

function credentialsCommand(program: Command, name: string, description: string): Command {
  return applicationCommand(program, name, description).option(
    '-e, --environment <name>',
    'those of config/credentials/<name>.yml.enc, with the key in config/credentials/<name>.key',
    environmentName,
  )
}

function environmentName(text: string): string {
  if (!/^[a-z]\w*$/i.test(text)) throw new InvalidArgumentError('The name of an environment has letters, digits and _.')
  return text
}

async function tasksOf({ root, environment, env }: CredentialsOptions): Promise<CredentialsTasks> {
  const { credentialsTasks } = await import('../../application/credentials/credentials_tasks.ts') // without the rest of it
  return credentialsTasks(root, environment ?? (env === undefined ? undefined : environmentName(env)))
}

async function show(options: CredentialsOptions): Promise<void> {
  const content = (await tasksOf(options)).read()
  printResult(options, { content }, () => content)
}

async function fetchValue(path: string, options: CredentialsOptions): Promise<void> {
  const value = (await tasksOf(options)).fetch(path)
  printResult(options, value, () => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
}

async function edit(options: CredentialsOptions): Promise<void> {
  const tasks = await tasksOf(options)
  const draft = tasks.draft()
  process.stderr.write(`Editing ${tasks.file}...\n`)
  const { isChanged, newKey, problem } = tasks.save(await editText(draft, 'credentials.yml'))
  if (newKey !== undefined) {
    process.stderr.write(
      `${newKey} holds the key: keep it where your team keeps its secrets. Without it, nobody can read what is encrypted with it.\n`,
    )
  }
  if (problem !== undefined) process.stderr.write(`WARNING: ${problem} The application can't start until this has been put right.\n`)
  printResult(options, { file: tasks.file, isChanged, newKey, problem }, () =>
    isChanged ? 'File encrypted and saved.' : 'Nothing was changed.',
  )
}
