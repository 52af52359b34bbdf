import type { LoadBalancer } from '../model/snapshot.ts'

/** Compares attribute flags without case. */
export const hasFlag = (balancer: LoadBalancer, name: string): boolean =>
  balancer.attributeFlags.some((own) => own.toLowerCase() === name.toLowerCase())

/** False if the CLB is isolated, stopped or still being created: it then forwards nothing. */
export const serves = (balancer: LoadBalancer): boolean =>
  !balancer.isolated && !hasFlag(balancer, 'Stop') && balancer.status !== 0
