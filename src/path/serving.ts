import type { LoadBalancer } from '../model/snapshot.ts'

/** Whether a CLB has an attribute flag, whatever its case. */
export const hasFlag = (balancer: LoadBalancer, name: string): boolean =>
  balancer.attributeFlags.some((own) => own.toLowerCase() === name.toLowerCase())

/** Isolated, stopped or still being created, a CLB forwards nothing, whatever its backends are like. */
export const serves = (balancer: LoadBalancer): boolean =>
  !balancer.isolated && !hasFlag(balancer, 'Stop') && balancer.status !== 0
