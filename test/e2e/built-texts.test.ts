import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { diagnoseSnapshot } from '../../src/app/diagnose.ts'
import { renderAs } from '../../src/app/rendering.ts'
import { FORMATS } from '../../src/model/formats.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { gatheredReport } from '../../src/render/gathered.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { memberOf, noticeOf } from '../support/notices.ts'
import { allow, group, PLAIN_READER, snapshotOf } from '../support/snapshots.ts'
import { clbDoctor } from './cli.ts'

// The built command has to say what the sources say. Its bundles are read as ASCII.

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

const snapshot = snapshotOf({
  machines: [16, 17, 18].map((host) => ({ host, status: 'Dead', groups: ['sg-closed'] })),
  groups: [group('sg-closed', [allow('10.0.0.0/8')])],
})

describe('the build', () => {
  it('writes ASCII only', () => {
    const bundles = readdirSync(DIST).filter((name) => /\.c?js$/.test(name))
    expect(bundles).toContain('main.cjs')
    for (const name of bundles) {
      const others = readFileSync(join(DIST, name), 'utf8').match(/[^\0-\x7f]+/g) ?? []
      expect([name, others]).toEqual([name, []])
    }
  })

  it.each(LANGUAGES)(
    'says about several CLBs what the sources say, from a file of its own, in %s',
    (language) => {
      const { gatheredReport: built }: { gatheredReport: typeof gatheredReport } = createRequire(
        import.meta.url,
      )(`${DIST}gathered.cjs`)
      const lead = blocked(language)
      const members = ['a', 'b'].map((name) => memberOf(lead, { id: `lb-0000000${name}`, name }))
      const notice = noticeOf(lead, { members, news: ['reminder'] })
      expect(JSON.stringify(built(notice))).toBe(JSON.stringify(gatheredReport(notice)))
      expect(readFileSync(`${DIST}handler.cjs`, 'utf8')).toContain('"./gathered.cjs"')
    },
  )

  it.each(LANGUAGES.flatMap((language) => FORMATS.map((format) => [format, language] as const)))(
    'says in %s and %s what the sources say',
    async (format, language) => {
      const path = join(folder, 'snapshot.json')
      writeFileSync(path, JSON.stringify(snapshot))
      const { out } = await clbDoctor(
        ['diagnose', '--snapshot', path, '--format', format, '--lang', language],
        {},
        folder,
      )
      const diagnosis = diagnoseSnapshot(snapshot, {
        id: 'dx-snapshot',
        createdAt: snapshot.takenAt,
        language,
        trigger: { source: 'cli', alarm: null },
        stats: { ...snapshot.cost, durationMs: 0 },
        ...PLAIN_READER,
      })
      expect(out.trim()).toBe((await renderAs(format, diagnosis, { color: false, width: 100 })).trim())
    },
  )
})
