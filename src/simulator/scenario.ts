import type { Text } from '../model/language.ts'
import { REGION, SHOP, SHOP_VIP } from './base.ts'
import type { Fault } from './faults.ts'
import type { World } from './world.ts'

/** One situation: an account and the alarm that it raises. It does not contain the expected diagnosis. */
export interface Scenario {
  readonly name: string
  readonly summary: Text
  readonly region: string
  readonly loadBalancerId: string
  readonly vip: string
  build(): World
  /** The Cloud Monitor callback, as documented (248/9066). */
  alarm(): unknown
  readonly faults?: Readonly<Record<string, Fault>>
  /** The id of the registered probe: the demo looks inside machines. */
  readonly command?: string
}

interface Given {
  readonly name: string
  readonly summary: Text
  readonly build: () => World
  readonly vip?: string
  readonly loadBalancerId?: string
  readonly faults?: Readonly<Record<string, Fault>>
  readonly command?: string
}

export function scenario({
  name,
  summary,
  build,
  vip = SHOP_VIP,
  loadBalancerId = SHOP,
  faults,
  command,
}: Given): Scenario {
  return {
    name,
    summary,
    build,
    vip,
    loadBalancerId,
    region: REGION,
    ...(faults ? { faults } : {}),
    ...(command ? { command } : {}),
    alarm: () => ({
      sessionId: 'ECkYDW5CbFIIPabdCq4y7w3t',
      alarmStatus: '1',
      alarmType: 'metric',
      alarmObjInfo: {
        region: 'gz',
        namespace: 'qce/loadbalance',
        appId: '1250000000',
        uin: '100000000001',
        dimensions: {
          protocol: 'https',
          vip,
          port: '443',
          objId: `${vip}#443#https`,
          objName: `shop-front | Default-VPC | ${vip}(https:443) | service:shop`,
        },
      },
      alarmPolicyInfo: {
        policyId: 'policy-n4exeh88',
        policyType: 'LB-SEVEN-LAYER-MONITOR',
        policyName: 'clb-health',
        policyTypeCName: '负载均衡-七层协议监控',
        conditions: {
          metricName: 'UnhealthRsCount',
          metricShowName: '健康检查异常数',
          calcType: '>=',
          calcValue: '1',
          calcUnit: '个',
          currentValue: '2',
          historyValue: '0',
          unit: '个',
          period: '60',
          periodNum: '1',
          alarmNotifyType: 'continuousAlarm',
          alarmNotifyPeriod: 300,
        },
      },
      firstOccurTime: '2026-11-20 07:00:00',
      durationTime: 60,
      recoverTime: '0',
    }),
  }
}
