import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  notJson: 'this is no complete JSON; run {command} again and save all of its output',
  noObjects: 'this JSON holds no Kubernetes object; run {command}',
  otherKinds: 'it holds only {kinds}, which say nothing here; run {command}',
  nameless: 'an object in it has no metadata.name, so this is no output of kubectl; run {command}',
  onePage:
    'this {kind} is only the first page of a longer list (metadata.continue), and what it lacks would be taken as missing in the cluster; run {command}, which prints all pages',
  status: 'this is an error of the cluster, not an object: {message}',
} as const satisfies Translation<typeof zhCN>
