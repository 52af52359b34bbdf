import type { Evidence } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language, Text } from '../model/language.ts'
import { type Paths, reportOf } from '../path/index.ts'
import { toCidrs, unionOf } from '../rules/index.ts'
import { filled, inEachLanguage, listed, NOTHING, type Params, withAside } from '../text/index.ts'
import { serviceConfigToo } from './check-settings.ts'
import { commonGround } from './common-ground.ts'
import { bareAddress } from './denial-texts.ts'
import { letIn } from './guest-fix.ts'
import type { GuestHit, GuestMachine } from './guest-machine.ts'
import { SHARED } from './texts.ts'

/** The params that the texts of every reason have. */
export function paramsOf(machines: readonly GuestMachine[], paths: Paths): Params {
  const hits = machines.flatMap((machine) => machine.hits)
  const [first] = hits
  if (!first) return {}
  const { reason, extent, target } = first
  const sources = toCidrs(
    unionOf(
      reason.sources.family,
      hits.map((hit) => hit.reason.sources),
    ),
  )
  const lets = letIn(target, reason).map(bareAddress)
  const named = namedBy(first)
  const places = [...new Set(hits.map(({ target }) => target.ip))]
  return {
    ...reason.params,
    tke: serviceConfigToo(paths.balancer),
    which: whichText(machines, named),
    place: SHARED.guest.place[target.guest?.isOfNode ? 'node' : 'machine'],
    list: listOf(machines, named),
    ips: places,
    count: machines.length,
    by: reason.decidedBy,
    from: fromText(sources.map(bareAddress), lets, extent),
    lets,
    own: places.length === 1 ? filled(SHARED.guest.own.one, { ip: target.ip }) : SHARED.guest.own.several,
    endpoint: endpointOf(target),
    port: target.guestCheck.port ?? '-',
    blocks: SHARED.blocks[extent === 'whole' ? 'wholly' : 'partly'].rule,
    lookedAt: hits.flatMap((hit) => reportOf(paths.snapshot, hit.target)?.at ?? []).toSorted()[0] ?? '-',
    common: commonGround(hits, paths),
  }
}

/** A long list of a whole block is nearly all of a short one. The path has the exact one. */
function fromText(sources: readonly string[], all: readonly string[], extent: 'whole' | 'part'): Text {
  const isNearly = extent === 'whole' && sources.length > all.length
  return filled(SHARED.guest.from[isNearly ? 'nearly' : 'exact'], { list: isNearly ? all : sources })
}

type Who = keyof typeof SHARED.guest.which

/** Of a pod that was asked from its node, rules and settings are the node's, and what answers is the pod's. */
const namedBy = ({ target, reason }: GuestHit): Who =>
  !target.guest?.isOfNode ? 'machine' : reason.stage === 'guest-firewall' ? 'node' : 'pod'

/** One machine is named, several are counted. */
function whichText(machines: readonly GuestMachine[], who: Who): Text {
  const texts = SHARED.guest.which[who]
  const [first] = machines
  const ips = [...new Set(machines.flatMap(({ hits }) => hits.slice(0, 1).map(({ target }) => target.ip)))]
  if (!first || machines.length > 1)
    return filled(texts.several, {
      count: machines.length,
      ips: inEachLanguage((language) => listed(ips, language, MOST_IN_TITLE)),
    })
  const { type, id } = first.resource
  const ip = first.hits[0]?.target.ip ?? id
  return type === 'cvm' ? filled(texts.one, { id, ip }) : filled(texts.unnamed, { ip })
}

const listOf = (machines: readonly GuestMachine[], who: Who): Text =>
  machines.length < 2
    ? NOTHING
    : filled(SHARED.guest.list[who === 'machine' ? 'machine' : 'pod'], {
        list: inEachLanguage((language) =>
          listed(
            machines.map((machine) => nameOf(machine, who, language)),
            language,
            MOST_NAMED,
          ),
        ),
      })

/** A pod goes by its address, with its node beside it. */
function nameOf({ resource: { type, id }, hits }: GuestMachine, who: Who, language: Language): string {
  if (type !== 'cvm') return id
  const ip = hits[0]?.target.ip ?? '-'
  return who === 'machine' ? withAside(id, ip, language) : withAside(ip, id, language)
}

const MOST_NAMED = 10
/** A chat shows the title, and nothing else may name the machines there. */
const MOST_IN_TITLE = 3
const MOST_EVIDENCE = 10

/** What the machines said, each once. */
export function evidenceOf(machines: readonly GuestMachine[]): readonly Evidence[] {
  const all = machines.flatMap(({ hits }) =>
    hits
      .slice(0, 1)
      .flatMap(({ target, reason }) => [
        { source: `guest ${target.ip}`, fact: 'decidedBy', value: reason.decidedBy },
        ...reason.evidence.map(({ fact, value }) => ({ source: `guest ${target.ip}`, fact, value })),
      ]),
  )
  return all.slice(0, MOST_EVIDENCE)
}
