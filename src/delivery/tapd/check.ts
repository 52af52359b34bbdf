import { isObject, text } from '../../model/untrusted.ts'
import { strange, unfit } from '../rest.ts'

// Whether bugs can be made in a workspace, without making one.

const UNSHOWN = 'TAPD does not show whether this API user may make bugs; the first ticket does'

/**
 * @param read what an answer of TAPD holds, for a path without the workspace
 * @returns what stays open
 * @throws AttemptError with what to change
 */
export async function checkTapd(
  read: (path: string, fields?: Readonly<Record<string, string>>) => Promise<unknown>,
  workspaceId: string,
): Promise<string> {
  const data = await read('/workspaces/get_workspace_info')
  const workspace = isObject(data) && isObject(data.Workspace) ? data.Workspace : {}
  const id = text(workspace.id)
  if (id === null || !/^\d{1,30}$/.test(id)) throw strange('TAPD')
  if (id !== workspaceId)
    throw unfit(
      `TAPD answers with the workspace ${id}, not with ${workspaceId}; check workspace=… in the address`,
    )
  const status = text(workspace.status)
  if (status !== null && status !== 'normal')
    throw unfit(`the workspace ${id} is closed or suspended; open it, or write another one as workspace=…`)
  // The login may see the workspace and not its bugs.
  if (!Array.isArray(await read('/bugs', { fields: 'id', limit: '1' }))) throw strange('TAPD')
  return UNSHOWN
}
