import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'

const BY_STATE = { 'zh-CN': '对于 {id}：{advice}', en: 'For {id}: {advice}' }

export const reasons = {
  'not-running': {
    title: {
      'zh-CN': '云服务器 {id}（{ip}）未运行：{state}',
      en: 'Instance {id} ({ip}) is not running: {state}',
    },
    detail: {
      'zh-CN': '{name}（{ip}）当前状态为 {state}，不会应答任何探测。CLB 不会自动解绑关机的云服务器。',
      en: '{name} ({ip}) is {state} and answers no probe. CLB does not unbind instances that are shut down.',
    },
    fix: BY_STATE,
  },
  'not-found': {
    title: { 'zh-CN': '后端已不存在：{which}', en: 'Backend {which} no longer exists' },
    detail: {
      'zh-CN': '监听器仍绑定着 {which}，但{missing}',
      en: 'The listener still has {which}, but {missing}',
    },
    fix: {
      'zh-CN': '解绑 {id}，改绑实际在用的后端。',
      en: 'Unbind {id} and bind the backend that is really in use.',
    },
  },
  isolated: {
    title: {
      'zh-CN': '云服务器 {id}（{ip}）处于隔离或到期状态：{state}',
      en: 'Instance {id} ({ip}) is isolated or expired: {state}',
    },
    detail: {
      'zh-CN': '{name} 的业务状态为 {state}。CLB 不会解绑被隔离的云服务器，它会一直被探测为异常。',
      en: '{name} has the business state {state}. CLB does not unbind isolated instances; they keep failing the check.',
    },
    fix: BY_STATE,
  },
  'eni-detached': {
    title: {
      'zh-CN': '弹性网卡 {id}（{ip}）没有绑定云服务器',
      en: 'Network interface {id} ({ip}) is attached to nothing',
    },
    detail: {
      'zh-CN': '后端地址 {ip} 属于弹性网卡 {id}，网卡状态 {state}，没有挂载到任何云服务器，不会应答探测。',
      en: 'The address {ip} belongs to network interface {id} ({state}), which is attached to no instance and answers no probe.',
    },
    fix: {
      'zh-CN': '把弹性网卡绑定到云服务器，或解绑该后端。',
      en: 'Attach the interface to an instance, or unbind this backend.',
    },
  },
  'ip-moved': {
    title: {
      'zh-CN': '地址 {id} 已不属于所绑定的云服务器',
      en: 'Address {id} no longer belongs to the instance that is bound',
    },
    detail: {
      'zh-CN': '监听器绑定的是 {name}，但它的网卡上没有 {ip}；该地址现在属于：{state}。',
      en: 'The listener has {name}, but {ip} is not on its interfaces; the address now belongs to: {state}.',
    },
    fix: { 'zh-CN': '按现在的地址重新绑定后端。', en: 'Bind the backend again with its present address.' },
  },
} as const satisfies Record<string, ReasonText>

/** What to do about a machine, by the state that it is in (SDK cvm_models, InstanceState and RestrictState). */
export const ADVICE: Readonly<Record<string, Text>> = {
  STOPPED: {
    'zh-CN': '启动它；若停机是有意的，从监听器解绑它或把权重设为 0。',
    en: 'start it; if the stop was meant, unbind it from the listener or give it weight 0.',
  },
  STOPPING: {
    'zh-CN': '正在关机：变为 STOPPED 后启动它，或解绑它。',
    en: 'once it is STOPPED, start it, or unbind it.',
  },
  PENDING: {
    'zh-CN': '正在创建：等它变为 RUNNING 后再看。',
    en: 'it is being created: look again once it is RUNNING.',
  },
  LAUNCH_FAILED: {
    'zh-CN': '创建失败：解绑它，改绑另一台。',
    en: 'it could not be created: unbind it and bind another.',
  },
  SHUTDOWN: {
    'zh-CN': '已停机待销毁，不能启动：解绑它，改绑另一台。',
    en: 'it awaits termination and cannot be started: unbind it and bind another.',
  },
  TERMINATING: {
    'zh-CN': '正在销毁：解绑它，改绑另一台。',
    en: 'it is being terminated: unbind it and bind another.',
  },
  EXPIRED: { 'zh-CN': '续费恢复它，或从监听器解绑它。', en: 'renew it, or unbind it from the listener.' },
  PROTECTIVELY_ISOLATED: {
    'zh-CN': '它被安全隔离：在控制台查明原因并解除隔离；在此之前从监听器解绑它。',
    en: 'it is isolated for security: find out why on the console and have that lifted; until then unbind it.',
  },
}

/** What is not there, and what that means. */
export const MISSING = {
  machine: {
    'zh-CN': '该账号在此地域查不到这台云服务器，可能已销毁。',
    en: 'there is no such instance in this region and account; it was probably terminated.',
  },
  address: {
    'zh-CN': ' VPC 中没有任何网卡或产品在使用该地址，可能已释放；占用记录可能滞后，所以不是“确定”。',
    en: 'no interface or product of the VPC uses that address; it was probably released. The record of use may lag behind, so this is likely, not certain.',
  },
} as const satisfies Record<string, Text>
