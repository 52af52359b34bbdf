import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contains } from '../../src/rules/index.ts'
import { partsOf, setOf } from './support.ts'

// The rule lists of recorded machines, and what real connections met there.

const folder = new URL('../fixtures/guest/', import.meta.url)
const names = readdirSync(folder, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map(({ name }) => name)

const read = (name: string, file: string): string =>
  readFileSync(new URL(`${name}/${file}.txt`, folder), 'utf8')

interface Met {
  readonly src: string
  readonly tcp: string
}

const truthOf = (name: string): readonly Met[] =>
  JSON.parse(readFileSync(new URL(`${name}/TRUTH.json`, folder), 'utf8'))

/** The recordings in which rules decide. In all others the rules let everything through. */
const RULED = ['firewalld', 'ipt', 'nft', 'ufw', 'k8s-f', 'k8s-no-endpoints'] as const
const isRuled = (name: string): boolean => RULED.some((start) => name.startsWith(start))

const FATES: Readonly<Record<string, string>> = {
  open: 'pass',
  timeout: 'drop',
  'No route to host': 'reject',
  'Connection refused': 'reject',
}

const textsOf = {
  'iptables-save -c and nft': (name: string) => ({
    iptables: read(name, 'iptables-save-c'),
    iptablesLegacy: read(name, 'iptables-legacy-S'),
    nft: read(name, 'nft'),
  }),
  'iptables-save and nft': (name: string) => ({
    iptables: read(name, 'iptables-save'),
    nft: read(name, 'nft'),
  }),
  'iptables -S and nft': (name: string) => ({
    iptables: read(name, 'iptables-S') + read(name, 'iptables-nat-S'),
    nft: read(name, 'nft'),
  }),
} as const

describe.each(Object.entries(textsOf))('from %s', (_, texts) => {
  it.each(names)('%s', (name) => {
    const port = name.startsWith('k8s') ? 30080 : 80
    const parts = partsOf(texts(name), '100.64.0.0/10,10.0.0.10', { port })
    for (const { src, tcp } of truthOf(name)) {
      const found = parts.filter(({ sources }) => contains(sources, setOf(src))).map(({ verdict }) => verdict)
      expect([src, found]).toEqual([src, [isRuled(name) ? FATES[tcp] : 'pass']])
    }
  })
})

describe('from nft alone', () => {
  it.each(names)('%s: as it was met, or unknown', (name) => {
    const port = name.startsWith('k8s') ? 30080 : 80
    const parts = partsOf({ iptables: null, nft: read(name, 'nft') }, '100.64.0.0/10,10.0.0.10', { port })
    for (const { src, tcp } of truthOf(name)) {
      const found = parts.filter(({ sources }) => contains(sources, setOf(src))).map(({ verdict }) => verdict)
      // A blank in a rule stands for a comment, or for a match that nft could not print.
      const isOpen = name.startsWith('k8s')
      const expected = isRuled(name) ? FATES[tcp] : 'pass'
      expect([expected, ...(isOpen ? ['unknown'] : [])]).toContain(found.join())
    }
  })
})
