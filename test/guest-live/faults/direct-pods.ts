import { type Fault, fault, OK_2XX } from '../fault.ts'
import { POD } from '../lab.ts'
import type { Server } from '../servers.ts'

// A pod that CLB probes at its own address. Its node forwards to it without any rewriting, and the script runs on the node.

const answering = (body: string): Server => ({ kind: 'nginx', listen: ['80'], body, on: 'pod' })
const FINE = answering('return 200 "ok\\n";')

type Given = Parameters<typeof fault>

const pod = (name: string, meets: Given[1], asked: Given[2] = {}): Fault =>
  fault(name, meets, { servers: [FINE], ...asked, check: { ...asked.check, ip: POD } })

const FOREIGN = 'guest-forwarding/forward-foreign-rule'

/** Guide 3.1.3 and 3.1.4.1–4.3. */
export const DIRECT_PODS = [
  pod('direct-pod-ok', 'ok'),
  pod('direct-pod-input-drop-ok', 'ok', {
    inject: 'iptables -A INPUT -i lo -j ACCEPT; iptables -P INPUT DROP; iptables -P OUTPUT ACCEPT',
    // The script's own request does not pass INPUT, but the answer to it does.
    mayBeUnknown: 'the node may not ask the pod itself',
  }),
  pod('direct-pod-ip-forward-0', 'timeout', {
    inject: 'echo 0 >/proc/sys/net/ipv4/ip_forward',
    code: 'guest-forwarding/ip-forward-off',
  }),
  pod('direct-pod-interface-forwarding-0', 'timeout', {
    inject: 'echo 0 >/proc/sys/net/ipv4/conf/eth0/forwarding',
    code: 'guest-forwarding/interface-forwarding-off',
  }),
  pod('direct-pod-forward-policy-drop', 'timeout', {
    inject: 'iptables -P FORWARD DROP',
    code: 'guest-forwarding/forward-policy-drop',
  }),
  pod('direct-pod-foreign-source', ['timeout', 'timeout', 'ok'], {
    inject: 'iptables -A FORWARD -s 100.64.0.0/10 -j DROP',
    code: FOREIGN,
  }),
  pod('direct-pod-foreign-reply', 'timeout', {
    inject: `iptables -A FORWARD -s ${POD} -p tcp --sport 80 -j DROP`,
    code: FOREIGN,
  }),
  pod('direct-pod-down', 'refused', { servers: [], code: 'guest-http/refused' }),
  pod('direct-pod-503', 'wrong-answer', {
    servers: [answering('return 503;')],
    check: { httpCodes: OK_2XX },
    code: 'guest-http/status-mismatch',
  }),
]
