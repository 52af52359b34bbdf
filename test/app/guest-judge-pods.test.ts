import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateReport } from '../../src/app/guest-judge/index.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'

// A pod that is bound directly, looked at from its node (guide 3.1.3, 3.1.4.1–4.3): the settings and rules are the node's, and
// what answers is the pod's. Recorded on real nodes.

const ASKED = { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null }

const FOLDER = new URL('../fixtures/guest-probe/', import.meta.url)

const textsOf = (recording: string, language: Language): string =>
  answerOf(recording, language)
    .findings.map(({ title, detail }) => `${title}\n${detail}`)
    .join('\n')

function answerOf(recording: string, language: Language) {
  const text = readFileSync(new URL(`${recording}/probe.txt`, FOLDER), 'utf8')
  const { refusal, ...judged } = evaluateReport({
    report: { kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null },
    target: null,
    sources: null,
    check: ASKED,
    language,
  })
  if (refusal !== null || !('answer' in judged)) throw new Error(`refused: ${refusal}`)
  return judged.answer
}

const NODE = { en: 'the node of pod 172.17.0.2', 'zh-CN': 'Pod 172.17.0.2 所在的节点' }
const ON_NODE = { en: 'on the node of the pod', 'zh-CN': 'Pod 所在节点上' }
const POD = { en: 'pod 172.17.0.2', 'zh-CN': 'Pod 172.17.0.2 ' }
const MACHINE = { en: /machine 172|on the machine/, 'zh-CN': /机器 172|机器上的情况|在机器上/ }

describe.each(LANGUAGES)('in %s', (language) => {
  it.each([
    'direct-pod-ip-forward-0',
    'direct-pod-interface-forwarding-0',
    'direct-pod-forward-policy-drop',
    'direct-pod-foreign-source',
    'direct-pod-foreign-reply',
  ])('%s names the node', (recording) => {
    const said = textsOf(recording, language)
    expect(said).toContain(NODE[language])
    expect(said).toContain(ON_NODE[language])
    expect(said).not.toMatch(MACHINE[language])
  })

  it.each(['direct-pod-down', 'direct-pod-503'])('%s names the pod, asked from its node', (recording) => {
    const said = textsOf(recording, language)
    expect(said).toContain(POD[language])
    expect(said).not.toContain(NODE[language])
    expect(said).toContain(ON_NODE[language])
    expect(said).not.toMatch(MACHINE[language])
  })

  it('a NodePort names the machine itself', () => {
    expect(textsOf('k8s-ip-forward-0', language)).not.toContain(NODE[language])
  })
})

it('a request that was refused is not told as one that nobody tried', () => {
  const { outcomes, notSeen } = answerOf('direct-pod-down', 'en')
  expect([...new Set(outcomes.map(({ outcome }) => outcome))]).toEqual(['refused'])
  expect(notSeen).toEqual([])
})
