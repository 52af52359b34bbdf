import { zonesOf } from '../zones.ts'
import { distinct, type Fault, pickOr, poolsOf, type Target } from './fault.ts'
import { guestIn, machineIn } from './things.ts'

const OTHER = 'ap-guangzhou-4'

/** The machines of one zone fail inside, and those of the other zones serve. */
export const zoneFails: Fault = {
  code: 'instance-state/one-zone',
  inject(random, site) {
    const idOf = ({ home }: Target): string => home?.machineId ?? ''
    const pool = pickOr(
      random,
      poolsOf(site).filter(({ targets }) => distinct(targets.map(idOf)).length >= 4),
    )
    if (!pool || zonesOf(site.targets).includes(null)) return null
    const ids = random.some(distinct(pool.targets.map(idOf)), 2)
    // A pool without a healthy backend may have a setting as its possible cause.
    if (poolsOf(site).some(({ targets }) => targets.every((one) => ids.includes(idOf(one))))) return null
    return {
      code: 'instance-state/one-zone',
      kind: 'state',
      what: `every packet is dropped inside ${ids}, which are all machines of ${OTHER}`,
      subject: OTHER,
      resources: ids,
      role: 'note',
      ceiling: 'possible',
      apply(world) {
        for (const id of ids) Object.assign(machineIn(world, id) ?? {}, { zone: OTHER })
        for (const target of site.targets)
          if (ids.includes(idOf(target))) guestIn(world, target)?.drops.push('0.0.0.0/0', '::/0')
      },
    }
  },
}
