import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    refused: {
      title: 'The service on {which} {how} and does not answer the health check',
      quote: '{request}: the service {how}',
      detail: `The request of the health check ({request}), sent {place}: the service {how}.${looked}{common}{list}{doubt}`,
      fix: '{mend}',
    },
    'status-mismatch': {
      title: 'The health check gets {status} from {which}, and {expected} is expected',
      quote: '{request} → {status}',
      detail: `The request of the health check, sent {place}, gets {status}, which the check does not take ({expected}).${looked}{common}{list}{doubt}`,
      fix: '{log}{codes}{tke}',
    },
    'too-slow': {
      title: 'The service on {which} does not answer the health check within {timeout} s',
      quote: '{request}: {took}',
      detail: `The request of the health check ({request}), sent {place}, has no complete answer within the time-out of {timeout} s.{state}${looked}{common}{list}{doubt}`,
      fix: '{slow}{tke}',
    },
    'tls-mismatch': {
      title: 'Port {port} of {which} {speaks}, unlike the health check',
      quote: '{by}',
      detail: `The request of the health check ({request}) and the port use different protocols, so the answer is not the expected one.${looked}{common}{list}{doubt}`,
      fix: '{advice}{tke}',
    },
    'head-not-supported': {
      title: 'HEAD gets {status} from {which}{got}; the health check uses HEAD',
      quote: '{request} → {status}',
      detail: `The service does not support the method HEAD of the health check. {same}${looked}{common}{list}{doubt}`,
      fix: 'Change the method of the health check to GET, or let the application support HEAD{tke}',
    },
  },
  took: { seconds: 'answered after {seconds} s', over: 'no complete answer within {timeout} s' },
  got: { known: ', and GET gets {get}', unknown: '' },
  same: { known: 'GET of the same path is fine.', unknown: 'Nobody tried GET of the same path.' },
  process: 'the service',
  stuck: {
    stopped: ' Process {process} (PID {pids}) is stopped (state T), so nobody takes the request.',
    waiting: ' Process {process} (PID {pids}) is stuck inside the kernel (state {mark}).',
  },
  slow: {
    stopped:
      'Let process {process} go on (kill -CONT {pids}), or restart the service. Then find out what stopped it: a debugger, Ctrl-Z in a terminal, a script',
    waiting:
      'Find out what process {process} (PID {pids}) waits for: most often a disk or a network file system (dmesg, cat /proc/PID/stack). Mend that, then restart the service; if it cannot be ended, restart the machine',
    usual:
      'Find out why the application is slow (a stuck process, a slow database or service behind it, overload), or let the check use a path that needs nothing behind it. If it is meant to be that slow, raise the time-out of the check and keep it below the interval',
  },
  odd: 'something that is not understood',
  ends: {
    reset: 'accepts the connection, resets it',
    empty: 'accepts the connection, closes it',
    refused: 'refuses the connection',
    'tls-error': 'refuses the TLS handshake',
  },
  mend: {
    usual:
      'Look at the log of the service on port {port}: a wrong protocol, a request that the application or a proxy in front of it cuts off, or a process that crashes',
    handshake:
      'Look at the TLS settings of the service on port {port} and at its log: old versions only, a server name that it insists on (ssl_reject_handshake), no certificate, a certificate of the client. Let it take a handshake without a server name and with TLS 1.2, or change the health check to HTTP on a port without TLS',
  },
  log: 'First see in the access log of the service whether the probes (User-Agent clb-healthcheck) get {status}, too. ',
  speaks: { tls: 'takes only TLS', plain: 'does not take TLS' },
  advice: {
    tls: 'For a layer-7 rule: change the protocol to the backends and the health check to HTTPS. For a layer-4 listener: change the health check to TCP. Or serve HTTP on that port',
    plain:
      'Change the health check to HTTP (the troubleshooting guide advises HTTP for the check of backends), or give the service a certificate',
  },
  codes:
    'Find out whether {status} is the right answer to {request}. If so, let the health check expect its class of codes. If not, mend the application or check another path',
  repair:
    'Mend the answer of the application to {request}, or check another path that shows whether the service works',
} as const satisfies Translation<typeof zhCN>
