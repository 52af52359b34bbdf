import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../../src/app/version.ts'
import { CHECKS } from '../../src/checks/index.ts'
import { KINDS } from '../../src/delivery/receivers.ts'
import { ACTIONS, grantsOf, POLICIES, READS } from '../../src/model/actions/index.ts'
import { groupBy } from '../../src/model/group-by.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const json = (path: string) => JSON.parse(read(path))
const typescriptIn = (folder: string): readonly string[] =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)

const GENERATE = 'run npm run generate'

const foldersIn = (path: string): readonly string[] =>
  readdirSync(new URL(`${path}/`, root), { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map(({ name }) => name)
    .sort()

type Codes = Readonly<Record<string, readonly string[]>>

describe('the checks', () => {
  const folders = foldersIn('src/checks')

  it('are exactly the folders of src/checks', () => {
    expect(CHECKS.map(({ id }) => id).sort(), 'add it to src/checks/registry.ts').toEqual(folders)
  })

  it.each(folders)('%s has a page that names each of its reasons', (id) => {
    const page = read(`docs/checks/${id}.md`)
    const reasons = Object.keys(CHECKS.find((check) => check.id === id)?.reasons ?? {})
    expect(reasons.filter((reason) => !page.includes(`\`${reason}\``))).toEqual([])
  })

  // `npm run generate` adds new codes. An old code stays, because users may rely on its meaning.
  it('give only codes of docs/finding-codes.json', async () => {
    const { source, codes } = json('docs/finding-codes.json') as { source: string; codes: Codes }
    const given = CHECKS.map(({ id, reasons }) => [id, [...(codes[id] ?? []), ...Object.keys(reasons)]])
    const all: Codes = { ...codes, ...Object.fromEntries(given) }
    const lines = Object.entries(all).map(
      ([id, reasons]) => `    "${id}": [${[...new Set(reasons)].map((reason) => `"${reason}"`).join(', ')}]`,
    )
    const catalogue = `{\n  "source": ${JSON.stringify(source)},\n  "codes": {\n${lines.join(',\n')}\n  }\n}\n`
    await expect(catalogue, GENERATE).toMatchFileSnapshot('../../docs/finding-codes.json')
  })

  // The first lines of a page are the question that the check answers, in English and in Chinese. `npm run generate` copies
  // them to the READMEs.
  it.each([
    ['README.md', 1],
    ['README.zh-CN.md', 2],
  ])('are all in the table of %s, with the question of their page', async (file, line) => {
    const readme = read(file)
    const shown = [...readme.matchAll(/^\| \[([\w-]+)\]\(docs\/checks\/.*/gm)].map(([, id = '']) => id)
    const ids = [...new Set([...shown, ...folders])].filter((id) => folders.includes(id))
    const rows = ids.map((id) => {
      const question = /^> (.+)<br>\n> (.+)$/m.exec(read(`docs/checks/${id}.md`))?.[line]
      return `| [${id}](docs/checks/${id}.md) | ${question ?? 'its page has no question'} |\n`
    })
    const updated = readme.replace(/(^\| \[[\w-]+\]\(docs\/checks\/.*\n)+/m, () => rows.join(''))
    expect(updated).not.toContain('its page has no question')
    await expect(updated, GENERATE).toMatchFileSnapshot(`../../${file}`)
  })

  it('have texts in both languages, with the same parameters', () => {
    const names = (text: string): string[] => [...new Set(text.match(/(?<=\{)\w+/g) ?? [])].sort()
    for (const { id, reasons } of CHECKS)
      for (const [reason, { title, detail, fix }] of Object.entries(reasons))
        for (const text of [title, detail, ...(fix ? [fix] : [])]) {
          expect([id, reason, names(text.en)]).toEqual([id, reason, names(text['zh-CN'])])
          // A title may consist of places only. Their texts have languages of their own.
          const words = text['zh-CN'].replaceAll(/\{[^{}]*\}/g, '')
          if (/\p{Letter}/u.test(words)) expect(words).toMatch(/\p{Script=Han}/u)
        }
  })
})

describe('the permissions', () => {
  // `npm run generate` writes the file.
  const policyOf = (statement: readonly object[]): string => {
    const policy = JSON.stringify({ version: '2.0', statement }, null, 2)
    // As Biome lays it out.
    const shortened = policy.replaceAll(/\[(?:\s+"[^"]+",?)+\s+\]/g, (list) => {
      const line = list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']')
      return line.length < 90 ? line : list
    })
    return `${shortened}\n`
  }

  it('in the CAM policy are exactly the reads that the client can call', async () => {
    const policy = policyOf([{ effect: 'allow', action: READS, resource: ['*'] }])
    await expect(policy, GENERATE).toMatchFileSnapshot('../../docs/cam-policy.json')
    expect(READS.filter((action) => !/^[a-z]+:(Describe|Search)[A-Z]/.test(action))).toEqual([])
  })

  // What one setting needs, and nothing else of the account.
  it.each(POLICIES)(
    'to be more than a reader stand in a policy of their own: cam-policy-%s.json',
    async (name) => {
      const grants = ACTIONS.flatMap(grantsOf).filter(({ policy }) => policy === name)
      const policy = policyOf(
        [...groupBy(grants, ({ resource }) => resource.join())].map(([, own]) => ({
          effect: 'allow',
          action: own.map(({ action }) => action),
          resource: own[0]?.resource,
        })),
      )
      await expect(policy, GENERATE).toMatchFileSnapshot(`../../docs/cam-policy-${name}.json`)
    },
  )

  it('let the function invoke itself alone, and run one registered command alone', () => {
    const grants = ACTIONS.flatMap(grantsOf)
    const on = (name: string) =>
      grants.filter(({ policy }) => policy === name).map(({ action, resource }) => [action, resource])
    expect(on('async')).toEqual([['scf:InvokeFunction', [expect.stringMatching(/\/function\/clb-doctor$/)]]])
    const command = expect.stringMatching(/^qcs::tat:::command\/cmd-x+$/)
    const machines = 'qcs::cvm:::instance/*'
    expect(on('guest')).toEqual([
      ['tat:DescribeAutomationAgentStatus', [machines]],
      ['tat:DescribeCommands', [command]],
      ['tat:InvokeCommand', [command, machines]],
      ['tat:DescribeInvocationTasks', [command, machines]],
    ])
    expect(on('run-command')).toEqual([
      ['tat:DescribeAutomationAgentStatus', [machines]],
      ['tat:RunCommand', ['*']],
      ['tat:DescribeInvocationTasks', ['*']],
    ])
    expect(on('network')).toEqual([['vpc:CheckNetDetectState', ['*']]])
  })
})

describe('the receivers', () => {
  it('are the folders of src/delivery, except the lanes', () => {
    const folders = foldersIn('src/delivery').filter((name) => name !== 'lanes')
    expect(Object.keys(KINDS).sort(), 'add it to src/delivery/receivers.ts').toEqual(folders)
  })

  it.each(Object.keys(KINDS))('%s has a test, and its address in docs/receivers.md', (name) => {
    expect(existsSync(new URL(`test/delivery/${name}.test.ts`, root))).toBe(true)
    expect(read('docs/receivers.md')).toMatch(new RegExp(`\`${name}(\\+http)?s:`))
  })
})

describe('the package', () => {
  it('has the same version in package.json and in the code', () => {
    expect(json('package.json').version).toBe(VERSION)
  })

  it('pins every dependency, and Node 20.19 is enough', () => {
    const { dependencies, devDependencies, optionalDependencies, engines } = json('package.json')
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies }
    for (const [name, range] of Object.entries<string>(all))
      expect([name, range]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
    expect(engines.node).toBe('>=20.19')
  })

  it('is deployed with its own handler on Nodejs20.19', () => {
    const text = read('serverless.yml')
    expect(text).toContain('handler: handler.main_handler')
    expect(text).toContain('runtime: Nodejs20.19')
    expect(existsSync(new URL('src/function/handler.ts', root))).toBe(true)
  })

  it('has at most 300 lines in each file of logic; a file of types or texts may be longer', () => {
    const isLogic = (path: string): boolean =>
      !/^src\/(model\/|cloud\/shapes\.ts|simulator\/world\.ts)|\/(messages|zh-CN|en)\.ts$/.test(path)
    const logic = typescriptIn('src').filter(isLogic)
    expect(logic.filter((path) => read(path).split('\n').length > 301)).toEqual([])
  })
})

describe('the facts', () => {
  it('that comments cite are in docs/facts.md', () => {
    const [, ...parts] = read('docs/facts.md').split(/^## (?=\w+ facts$)/m)
    const sections = new Map(
      parts.map((part) => [
        part.split(' ')[0]?.toLowerCase() ?? '',
        [...part.matchAll(/^### ((?:[A-Z0-9.]+, )*[A-Z0-9.]+) /gm)].flatMap(
          ([, ids]) => ids?.split(', ') ?? [],
        ),
      ]),
    )
    const citation = /(platform|delivery|intake) facts ((?:[A-Z0-9.]+, )*[A-Z0-9]+(?:\.\d)?)/gi
    const cited = typescriptIn('src').flatMap((path) =>
      [...read(path).matchAll(citation)].flatMap(([, part = '', ids = '']) =>
        ids.split(', ').map((id) => [path, part.toLowerCase(), id] as const),
      ),
    )
    expect(cited.length).toBeGreaterThan(30)
    const isThere = (part: string, id: string): boolean =>
      sections.get(part)?.some((own) => own === id || id.startsWith(`${own}.`)) === true
    expect(cited.filter(([, part, id]) => !isThere(part, id))).toEqual([])
  })
})

describe('the tests', () => {
  it('pick findings and gaps by code or text, not by position', () => {
    const byPosition = /\b(findings|gaps)(\?\.)?(\[\d|\.at\()|const \[\w[^\]]*\] = [^\n;]*\.(findings|gaps)$/m
    const own = 'test/house/house.test.ts'
    expect(typescriptIn('test').filter((path) => path !== own && byPosition.test(read(path)))).toEqual([])
  })
})

describe('CONTRIBUTING', () => {
  it('names only files and folders that exist, and each list has as many steps as it says', () => {
    const text = read('CONTRIBUTING.md')
    const named = [...text.matchAll(/`((?:src|test|docs)\/[^`*<]*)`/g)].map(([, path = '']) => path)
    expect(named.length).toBeGreaterThan(25)
    expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
    const lists = text.split(/^\*\*A new /m).slice(1)
    const counts = lists.map((list) => [list.match(/^\w+ ?\w*/)?.[0], list.match(/^\d\. /gm)?.length])
    expect(Object.fromEntries(counts)).toEqual({ check: 6, receiver: 5, 'API action': 4, fact: 7 })
  })
})
