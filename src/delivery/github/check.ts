import type { IncomingHttpHeaders } from 'node:http'
import { isObject, text } from '../../model/untrusted.ts'
import { type Answer, type Request, strange, unfit } from '../rest.ts'

// Whether issues can be made in a repository, without making one.

const UNSHOWN =
  'GitHub does not show whether the token may write issues; it needs "Issues: read and write" for this repository'
const NO_LABELS =
  'Its user has no write access, so GitHub drops the label by which an issue is found again after an answer that was lost'

/**
 * @param repository owner/name, as in the address
 * @returns what stays open, else null
 * @throws AttemptError with what to change
 */
export async function checkGithub(
  taken: (request: Request) => Promise<Answer>,
  repository: string,
): Promise<string | null> {
  const { json, headers } = await taken({ method: 'GET', path: '' })
  const name = isObject(json) ? text(json.full_name) : null
  if (!isObject(json) || name === null) throw strange('GitHub')
  // A repository that was renamed or moved is found under its old name.
  if (name.toLowerCase() !== repository.toLowerCase())
    throw unfit(
      `GitHub answers with another repository than ${repository}; it was renamed or moved: write its new owner and name in the address`,
    )
  if (json.archived === true || json.disabled === true)
    throw unfit(
      `the repository ${repository} is ${json.archived === true ? 'archived' : 'disabled'}, so it takes no issues; write another one in the address`,
    )
  if (json.has_issues === false)
    throw unfit(
      `issues are switched off in ${repository}; switch them on in its settings, or write another one`,
    )
  const scopes = scopesIn(headers)
  const needed = json.private === true ? ['repo'] : ['repo', 'public_repo']
  if (scopes !== null && !needed.some((one) => scopes.includes(one)))
    throw unfit(`the token has no scope ${needed.join(' or ')}; make one that has it`)
  const { json: issues } = await taken({ method: 'GET', path: '/issues?per_page=1' })
  if (!Array.isArray(issues)) throw strange('GitHub')
  const isWriter = !isObject(json.permissions) || json.permissions.push !== false
  const open = [...(scopes === null ? [UNSHOWN] : []), ...(isWriter ? [] : [NO_LABELS])]
  return open.length > 0 ? open.join('. ') : null
}

/** Those of a classic token. Null: a fine-grained one, whose permissions no answer shows. */
function scopesIn(headers: IncomingHttpHeaders): readonly string[] | null {
  const shown = headers['x-oauth-scopes']
  return typeof shown === 'string' && shown.trim() !== '' ? shown.split(/[,\s]+/) : null
}
