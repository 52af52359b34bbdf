import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { decoded, givenIn } from '../../src/app/guest-judge/index.ts'

// What lies between the machine and `guest-judge`: a terminal, a chat, a mail, PowerShell, another command.

const PROBES = fileURLToPath(new URL('../fixtures/guest-probe/', import.meta.url))
const outputs = readdirSync(PROBES).flatMap((name) =>
  ['probe.txt', 'probe-busybox.txt'].flatMap((file) => {
    try {
      return [readFileSync(`${PROBES}${name}/${file}`, 'utf8')]
    } catch {
      return []
    }
  }),
)
const [output = ''] = outputs
const ESCAPE = String.fromCharCode(0x1b)
const lines = output.trimEnd().split('\n')
const folded = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n')
/** Breaks at spaces, as a mail does. */
const filled = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'gm'), '$1\n').replace(/\n\n/g, '\n')

describe('an output of the probe', () => {
  it.each<[string, (text: string) => string]>([
    [
      'a prompt of RHEL',
      (text) => `[root@VM-1-16-tencentos ~]# sh -s -- abc\n${text}[root@VM-1-16-tencentos ~]# `,
    ],
    ['a login message with a bracket', (text) => `{ welcome }\n[ OK ] started\n${text}`],
    ['prompts of dash behind the script', (text) => `> { keep = 1\n> [ -r x ]\n> > > > ${text}# `],
    ['colours', (text) => text.replace(/^([\w.-]+)=/gm, `${ESCAPE}[32m$1${ESCAPE}[0m=`)],
    ['codes at the ends of lines', (text) => text.replace(/^(.*)$/gm, `${ESCAPE}[0m$1${ESCAPE}[K`)],
    ['bracketed paste', (text) => `${ESCAPE}[200~${ESCAPE}[?2004l\r${text}${ESCAPE}[?2004h`],
    ['the title of a window', (text) => `${ESCAPE}]0;root@web-16: ~${String.fromCharCode(7)}${text}`],
    ['marks of a quotation', (text) => `See:\n${text.replace(/^(?!$)/gm, '> ').replace(/^$/gm, '>')}`],
    ['nested marks', (text) => text.replace(/^(?!$)/gm, '> > ')],
    ['spaces in front', (text) => text.replace(/^(?!$)/gm, '    ')],
    ['empty lines between', (text) => text.replaceAll('\n', '\n\n')],
    ['lines of an old Mac', (text) => text.replaceAll('\n', '\r')],
    ['lines of DOS', (text) => text.replaceAll('\n', '\r\n')],
  ])('is read through %s', (_, changed) => {
    const given = givenIn(changed(output))
    if (given.kind !== 'probe') throw new Error(given.kind)
    const read = given.text.replaceAll('\r\n', '\n')
    expect(read.slice(read.indexOf('clb-doctor-probe 1')).startsWith(lines.join('\n'))).toBe(true)
  })

  it.each([
    ['UTF-16 LE', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(output, 'utf16le')])],
    ['UTF-16 BE', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(output, 'utf16le').swap16()])],
    ['UTF-8', Buffer.from(`\uFEFF${output}`)],
  ])('is decoded by the mark of %s', (_, bytes) => {
    expect(decoded(bytes)).toBe(output)
  })

  it('in UTF-16 without a mark is not guessed at', () => {
    expect(decoded(Buffer.from(output, 'utf16le'))).toBeNull()
    expect(decoded(Buffer.from(output, 'utf16le').swap16())).toBeNull()
  })

  it('as the machine printed it is never called wrapped', () => {
    expect(outputs.length).toBeGreaterThan(300)
    expect([...new Set(outputs.map((text) => givenIn(text).kind))]).toEqual(['probe'])
  })

  it.each([40, 72, 80, 100])('is called wrapped if its lines were broken at %i columns', (width) => {
    const long = outputs.filter((text) => text.split('\n').some((line) => line.length > width + 10))
    expect(long.length).toBeGreaterThan(10)
    const kinds = (broken: (text: string, width: number) => string) => [
      ...new Set(long.map((text) => givenIn(broken(text, width)).kind)),
    ]
    expect(kinds(folded)).toEqual(['wrapped'])
    expect(kinds(filled)).toEqual(['wrapped'])
  })

  it('that was cut is judged as far as it goes', () => {
    expect(givenIn(lines.slice(0, 60).join('\n')).kind).toBe('probe')
  })
})

describe('the output of kubectl', () => {
  const json = { kind: 'List', items: [{ kind: 'Service', note: '} "{" \\ [root@x ~]#' }] }
  const printed = JSON.stringify(json, null, 4)

  it.each([
    ['alone', printed],
    ['behind a warning', `Warning: v1 Endpoints is deprecated in v1.33+\n${printed}`],
    ['behind a prompt of RHEL', `[root@master ~]# kubectl get svc -A -o json\n${printed}\n[root@master ~]# `],
    ['behind a prompt', `$ kubectl get svc -o json\n${JSON.stringify(json)}`],
    ['quoted', printed.replace(/^/gm, '> ')],
    ['in colours', printed.replace(/"kind"/g, `${ESCAPE}[34m"kind"${ESCAPE}[0m`)],
  ])('is read %s', (_, text) => {
    expect(givenIn(text)).toEqual({ kind: 'json', json })
  })

  it.each([
    ['cut', printed.slice(0, 60), 'noJson'],
    ['cut behind a prompt', `[root@master ~]# kubectl get\n${printed.slice(0, 60)}`, 'noJson'],
    ['wrapped', folded(printed, 20), 'noJson'],
    ['twice', `${printed}\n${printed}`, 'severalJson'],
    [
      'twice with a prompt between',
      `$ kubectl get svc\n${printed}\n$ kubectl get po\n${printed}`,
      'severalJson',
    ],
    ['nothing', ' \n', 'empty'],
    ['another text', 'hello [world]\n[root@web ~]# ls\n', 'noProbe'],
    ['the script', "sh -s -- abc <<'CLB_DOCTOR'\nlook() {\n\n}\n", 'script'],
    ['the file of the script', '#!/bin/sh\nlook() {\n\n}\n', 'script'],
  ])('that is %s is told as that', (_, text, kind) => {
    expect(givenIn(text).kind).toBe(kind)
  })

  it.each([
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    'error: You must be logged in to the server (Unauthorized)',
    'Error from server (Forbidden): pods is forbidden',
    '-bash: kubectl: command not found',
  ])('that is only an error is told with it: %s', (line) => {
    expect(givenIn(`[root@web ~]# kubectl get svc\n${line}\n`)).toEqual({ kind: 'kubectlFailed', line })
  })
})

describe('what Windows printed', () => {
  it.each([
    'PS C:\\Users\\Administrator> Get-NetFirewallProfile\n\nName    Enabled DefaultInboundAction\n',
    'LocalAddress LocalPort RemoteAddress State  OwningProcess\n------------ --------- ------------- -----  -------------\n0.0.0.0      8080      0.0.0.0       Listen 4\n',
    'Name    Enabled DefaultInboundAction\n----    ------- --------------------\nDomain     True                Block\n',
    'ComputerName     : 10.0.1.16\r\nRemotePort       : 8080\r\nTcpTestSucceeded : True\r\n',
    'StatusCode        : 200\nStatusDescription : OK\nContent           : {}\n',
    'Invoke-WebRequest : Unable to connect to the remote server\n',
  ])('is known as that: %j', (text) => {
    expect(givenIn(text)).toEqual({ kind: 'windows' })
  })

  it('is not seen in the output of the probe, whatever that holds', () => {
    expect(givenIn(`${output}\nPS C:\\> exit\n`).kind).toBe('probe')
  })
})
