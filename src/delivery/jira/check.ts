import { isObject, text } from '../../model/untrusted.ts'
import { type Answer, isTaken, namesFor, type Rest, refused, strange, unfit } from '../rest.ts'

// Whether tickets can be made in a project, without making one.

/** The permissions that a ticket needs, by the names that the pages of Jira show. */
const NEEDED = [
  ['CREATE_ISSUES', 'Create issues'],
  ['ADD_COMMENTS', 'Add comments'],
  ['TRANSITION_ISSUES', 'Transition issues'],
] as const

interface Project {
  readonly key: string
  /** The name of the issue type. */
  readonly type: string
}

interface Asked {
  readonly api: string
  readonly project: Project
  /** They stay out of reasons. */
  readonly secrets: readonly string[]
  readonly adviceOf: (answer: Answer) => string
}

/** @throws AttemptError with what to change */
export async function checkJira(rest: Rest, { api, project, secrets, adviceOf }: Asked): Promise<null> {
  const key = encodeURIComponent(project.key)
  const read = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await rest.send({ method: 'GET', path: `${api}${path}` })
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer))
    if (!isObject(answer.json)) throw strange('Jira')
    return answer.json
  }
  checkProject(await read(`/project/${key}?expand=issueTypes`), project, secrets)
  const permissions = NEEDED.map(([name]) => name).join(',')
  checkPermissions(await read(`/mypermissions?projectKey=${key}&permissions=${permissions}`), project)
  return null
}

function checkProject(
  found: Readonly<Record<string, unknown>>,
  { key, type }: Project,
  secrets: readonly string[],
): void {
  const own = text(found.key)
  if (own === null) throw strange('Jira')
  // A project whose key was changed still answers to the old one.
  if (own.toUpperCase() !== key.toUpperCase())
    throw unfit(
      `Jira answers with another project than ${key}: ${namesFor([own], secrets) || 'its name is not shown'}; write its key as project=… in the address`,
    )
  if (found.archived === true)
    throw unfit(
      `the project ${key} is archived, so it takes no issues; restore it, or write another one as project=…`,
    )
  if (!Array.isArray(found.issueTypes)) return
  const types = found.issueTypes.flatMap((one) =>
    isObject(one) && one.subtask !== true ? (text(one.name) ?? []) : [],
  )
  if (types.some((one) => one.toLowerCase() === type.toLowerCase())) return
  const names = namesFor(types, secrets)
  throw unfit(
    `the project ${key} has no issue type "${type}"; ${names === '' ? '' : `there are ${names}; `}write one as type=… in the address`,
  )
}

function checkPermissions(found: Readonly<Record<string, unknown>>, { key }: Project): void {
  const { permissions } = found
  if (!isObject(permissions) || !isObject(permissions.CREATE_ISSUES)) throw strange('Jira')
  const missing = NEEDED.flatMap(([name, shown]) => {
    const one = permissions[name]
    return isObject(one) && one.havePermission === true ? [] : [`"${shown}"`]
  })
  if (missing.length > 0)
    throw unfit(
      `this user lacks ${missing.join(', ')} in the project ${key}; give it that in the permissions of the project`,
    )
}
