import type http from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/delivery/receiver.ts'
import { noticeOf } from '../support/notices.ts'
import { PLANTED } from '../support/planted.ts'
import { GITHUB, startGithub } from '../support/receivers/github.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import type { Now } from '../support/receivers/stand-in.ts'
import { startTapd, TAPD } from '../support/receivers/tapd.ts'
import type { TicketStandIn } from '../support/receivers/tickets.ts'
import { delivery } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'
import { TEST } from './ticket-contract.ts'

// The check of a receiver of tickets: it makes nothing, and says "right" only where a ticket can be made.

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string
}
/** The answer to each path, without its query. */
type Answers = Readonly<Record<string, Answer>>

interface Subject {
  readonly address: (host: string) => string
  readonly start: (now?: Now) => Promise<TicketStandIn>
  readonly standInAddress: (url: string) => string
  readonly secrets: readonly string[]
  /** A service in which everything is right. */
  readonly right: Answers
  /** The first request of a check. */
  readonly first: string
}

const SUBJECTS = {
  Jira: {
    address: (host) => `jira+http://ops%40example.com:${JIRA.token}@${host}/?project=${JIRA.project}`,
    start: startJira,
    standInAddress: (url) => `jira+${url.replace('://', `://ops%40example.com:${JIRA.token}@`)}`,
    secrets: [JIRA.token],
    first: '/rest/api/3/project/OPS',
    right: {
      '/rest/api/3/project/OPS': {
        json: { key: 'OPS', archived: false, issueTypes: [{ name: 'Task', subtask: false }] },
      },
      '/rest/api/3/mypermissions': { json: { permissions: permissions({}) } },
    },
  },
  GitHub: {
    address: (host) => `github+http://${GITHUB.token}@${host}${GITHUB.path}`,
    start: startGithub,
    standInAddress: (url) => `github+${url.replace('://', `://${GITHUB.token}@`)}`,
    secrets: [GITHUB.token],
    first: GITHUB.path,
    right: {
      [GITHUB.path]: { headers: { 'x-oauth-scopes': 'repo' }, json: repository({}) },
      [`${GITHUB.path}/issues`]: { json: [] },
    },
  },
  TAPD: {
    address: (host) => `tapd+http://${TAPD.user}:${TAPD.password}@${host}/?workspace=${TAPD.workspace}`,
    start: startTapd,
    standInAddress: (url) => `tapd+${url.replace('://', `://${TAPD.user}:${TAPD.password}@`)}`,
    secrets: [TAPD.password],
    first: '/workspaces/get_workspace_info',
    right: {
      '/workspaces/get_workspace_info': { json: workspace({}) },
      '/bugs': { json: { status: 1, data: [], info: 'success' } },
    },
  },
} as const satisfies Readonly<Record<string, Subject>>

function permissions(more: Readonly<Record<string, boolean>>) {
  const all = { CREATE_ISSUES: true, ADD_COMMENTS: true, TRANSITION_ISSUES: true, ...more }
  return Object.fromEntries(
    Object.entries(all).map(([key, havePermission]) => [key, { key, havePermission }]),
  )
}

function repository(more: Readonly<Record<string, unknown>>) {
  return {
    full_name: 'shop/ops',
    private: true,
    archived: false,
    has_issues: true,
    permissions: { push: true },
    ...more,
  }
}

function workspace(more: Readonly<Record<string, unknown>>) {
  return {
    status: 1,
    data: { Workspace: { id: TAPD.workspace, status: 'normal', ...more } },
    info: 'success',
  }
}

async function checked(receiverAddress: string): Promise<Outcome> {
  return receiverOf(receiverAddress).send(delivery(1, { message: TEST }), AbortSignal.timeout(3_000))
}

/** Over a real socket. */
async function checkedWith(subject: Subject, changed: Answers): Promise<Outcome> {
  const answers: Answers = { ...subject.right, ...changed }
  const serve = (res: http.ServerResponse, { path }: { readonly path: string }): void => {
    const answer = answers[new URL(path, 'http://x').pathname] ?? { status: 404, json: {} }
    const type = answer.body === undefined ? 'application/json' : 'text/html'
    res.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers })
    res.end(answer.body ?? JSON.stringify(answer.json))
  }
  const { port, close } = await httpReceiver(serve, { accepts() {}, refuses() {}, later() {} })
  const outcome = await checked(subject.address(`127.0.0.1:${port}`))
  await close()
  for (const secret of subject.secrets) expect(JSON.stringify(outcome)).not.toContain(secret)
  return outcome
}

const LOGIN_PAGE = '<!doctype html><html><body><form action="/login">'

describe.each(Object.entries<Subject>(SUBJECTS))('the check of %s', (_, subject) => {
  it('is right where a ticket can be made, and makes none', async () => {
    const service = await subject.start()
    const outcome = await checked(subject.standInAddress(service.url))
    await service.close()
    expect(outcome).toMatchObject({ kind: 'delivered', isCheck: true })
    expect([service.tickets, service.shown]).toEqual([[], []])
    expect(await checkedWith(subject, {})).toMatchObject({ kind: 'delivered', isCheck: true })
  })

  it.each<[string, Answer]>([
    ['a login page', { body: LOGIN_PAGE }],
    ['nothing', { body: '' }],
    ['a list', { json: [] }],
    ['other JSON', { json: { status: 'ok' } }],
    ['what another product says', { json: { errcode: 0, errmsg: 'ok', id: 1 } }],
  ])('fails where %s comes with HTTP 200, for each of its requests', async (_, answer) => {
    for (const path of Object.keys(subject.right)) {
      if (path.endsWith('/issues') && Array.isArray(answer.json)) continue
      expect([path, await checkedWith(subject, { [path]: answer })]).toEqual([
        path,
        { kind: 'permanent', reason: expect.stringMatching(/not one of|refuses it with status/) },
      ])
    }
  })

  it.each([401, 403, 404])('says what to change at HTTP %i', async (status) => {
    for (const path of Object.keys(subject.right)) {
      const outcome = await checkedWith(subject, { [path]: { status, json: {} } })
      expect(outcome).toMatchObject({ kind: 'permanent', reason: expect.stringMatching(/^HTTP \d+: ./) })
    }
  })

  it('is no success if the answer is lost or asks to wait', async () => {
    expect(await checkedWith(subject, { [subject.first]: { status: 429, json: {} } })).toMatchObject({
      kind: 'retry',
    })
    expect(await checkedWith(subject, { [subject.first]: { status: 502, json: {} } })).toMatchObject({
      kind: 'retry',
    })
  })
})

it.each(['Jira', 'GitHub'] as const)(
  'a 404 of a proxy before %s does not make a ticket that is there gone',
  async (name) => {
    const posted: string[] = []
    const { port, close } = await httpReceiver(
      (res, { path, body }) => {
        if (body !== '') posted.push(path)
        res.writeHead(404, { 'content-type': 'text/html' }).end('<html>')
      },
      { accepts() {}, refuses() {}, later() {} },
    )
    const message = noticeOf(blocked(), { news: ['worse'] })
    const outcome = await receiverOf(SUBJECTS[name].address(`127.0.0.1:${port}`)).send(
      delivery(1, { message, reference: '7' }),
      AbortSignal.timeout(3_000),
    )
    await close()
    expect(outcome).toMatchObject({
      kind: 'permanent',
      reason: expect.stringMatching(/^HTTP 404: what answers there is not/),
    })
    expect(posted).toHaveLength(1)
  },
)

const reasonOf = async (subject: Subject, changed: Answers): Promise<string> => {
  const outcome = await checkedWith(subject, changed)
  return `${outcome.kind}: ${outcome.reason ?? ''}`
}

describe('the check of Jira', () => {
  const subject = SUBJECTS.Jira
  const project = (json: object) => ({ [subject.first]: { json: { key: 'OPS', ...json } } })

  it.each<[string, Answers, RegExp]>([
    [
      'a project whose key was changed',
      project({ key: 'NEW' }),
      /^permanent: Jira answers with another project than OPS: "NEW"; write/,
    ],
    [
      'a key that holds something else',
      project({ key: `${PLANTED} ${JIRA.token}` }),
      /^permanent: .*OPS: its name is not shown;/,
    ],
    ['an archived project', project({ archived: true }), /^permanent: the project OPS is archived/],
    [
      'a type that the project has only for sub-tasks',
      project({ issueTypes: [{ name: 'Task', subtask: true }, { name: 'Bug' }, { name: 'Story' }] }),
      /^permanent: the project OPS has no issue type "Task"; there are "Bug", "Story"; write one as type=/,
    ],
  ])('names %s', async (_, changed, words) => {
    expect(await reasonOf(subject, changed)).toMatch(words)
  })

  it('takes a key and a type in another case', async () => {
    const changed = project({ key: 'ops', issueTypes: [{ name: 'TASK', subtask: false }] })
    expect(await checkedWith(subject, changed)).toEqual({ kind: 'delivered', isCheck: true })
  })

  it.each([
    [{ CREATE_ISSUES: false }, '"Create issues"'],
    [{ ADD_COMMENTS: false, TRANSITION_ISSUES: false }, '"Add comments", "Transition issues"'],
  ])('names each permission that is missing: %j', async (missing, names) => {
    const json = { permissions: permissions(missing) }
    expect(await reasonOf(subject, { '/rest/api/3/mypermissions': { json } })).toMatch(
      new RegExp(`^permanent: this user lacks ${names} in the project OPS; give it that`),
    )
  })
})

describe('the check of GitHub', () => {
  const subject = SUBJECTS.GitHub
  const answer = (json: Readonly<Record<string, unknown>>, scopes: string | null = 'repo') => ({
    [GITHUB.path]: { json: repository(json), headers: scopes === null ? {} : { 'x-oauth-scopes': scopes } },
  })

  it.each<[string, Answers, RegExp]>([
    [
      'a repository with another name',
      answer({ full_name: 'shop/new' }),
      /another repository than shop\/ops; it was renamed or moved/,
    ],
    ['an archived one', answer({ archived: true }), /shop\/ops is archived/],
    ['a disabled one', answer({ disabled: true }), /shop\/ops is disabled/],
    ['one without issues', answer({ has_issues: false }), /issues are switched off in shop\/ops; switch/],
    ['a token without the scope of a private one', answer({}, 'public_repo, gist'), /no scope repo; make/],
    [
      'a token without any scope of use',
      answer({ private: false }, 'gist'),
      /no scope repo or public_repo; make/,
    ],
    [
      'one that was moved',
      {
        [GITHUB.path]: {
          status: 301,
          headers: { location: 'https://api.github.com/repositories/1' },
          json: {},
        },
      },
      /HTTP 301, a redirect, which is not followed: the repository was renamed or moved; write/,
    ],
  ])('names %s', async (_, changed, words) => {
    const reason = await reasonOf(subject, changed)
    expect(reason).toMatch(/^permanent: /)
    expect(reason).toMatch(words)
  })

  it('takes a name in another case, and a scope that is enough for a public one', async () => {
    const right = { kind: 'delivered', isCheck: true }
    expect(await checkedWith(subject, answer({ full_name: 'Shop/OPS' }))).toEqual(right)
    expect(await checkedWith(subject, answer({ private: false }, 'public_repo'))).toEqual(right)
  })

  it('says what it cannot see: the permission of a fine-grained token', async () => {
    for (const scopes of [null, ''])
      expect(await reasonOf(subject, answer({}, scopes))).toMatch(
        /^delivered: GitHub does not show whether the token may write/,
      )
  })

  it('says that the label of an issue is dropped for a user without write access', async () => {
    const changed = answer({ private: false, permissions: { push: false, pull: true } })
    expect(await reasonOf(subject, changed)).toMatch(/^delivered: Its user has no write access/)
    const both = answer({ permissions: { push: false } }, null)
    expect(await reasonOf(subject, both)).toMatch(
      /^delivered: GitHub does not show .*\. Its user has no write access/,
    )
  })
})

describe('the check of TAPD', () => {
  const subject = SUBJECTS.TAPD
  const answer = (fields: object) => ({ [subject.first]: { json: workspace({ ...fields }) } })

  it.each<[string, Answers, RegExp]>([
    [
      'another workspace',
      answer({ id: '10158232' }),
      /^permanent: TAPD answers with the workspace 10158232, not with 10158231; check/,
    ],
    [
      'a closed workspace',
      answer({ status: 'closed' }),
      /^permanent: the workspace 10158231 is closed or suspended;/,
    ],
    [
      'a suspended workspace',
      answer({ status: 'suspend' }),
      /^permanent: the workspace 10158231 is closed or suspended;/,
    ],
    [
      'a refusal with HTTP 200',
      { [subject.first]: { json: { status: 403, data: [], info: PLANTED } } },
      /^permanent: HTTP 200: TAPD refuses it with status 403$/,
    ],
    [
      'a workspace whose bugs it may not see',
      { '/bugs': { status: 403, json: {} } },
      /^permanent: HTTP 403: .*workspace 10158231/,
    ],
  ])('names %s', async (_, changed, words) => {
    expect(await reasonOf(subject, changed)).toMatch(words)
  })

  it('says what it cannot see: whether bugs may be made', async () => {
    expect(await reasonOf(subject, {})).toMatch(
      /^delivered: TAPD does not show whether this API user may make bugs/,
    )
  })
})
