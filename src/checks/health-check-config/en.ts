import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  reasons: {
    'timeout-not-below-interval': {
      title: "{pool}: the check's time-out ({timeout} s) is not below its interval ({interval} s)",
      detail:
        'The time-out should be below the interval. Otherwise a slow answer overlaps the next probe, and good backends are judged Dead.',
      fix: '{tke}Raise the interval above {timeout} s, or shorten the time-out.',
    },
    'port-differs': {
      title: '{pool}: the check goes to port {checkPort}, the backends serve on {ports}',
      detail: 'Probes go to {checkPort}, not to the service port. {meaning}',
      fix: '{tke}Make sure that the backends listen on {checkPort}. If they do not, clear the check port; then the backend port is checked.',
    },
    'host-missing': {
      title: '{pool}: the HTTP/1.1 check has no Host',
      detail:
        'A TCP listener that checks with HTTP/1.1 needs a Host; without it many backends answer 400 or 404.',
      fix: '{tke}Set the check domain in the health check.',
    },
    'wildcard-domain': {
      title: '{pool}: the rule domain is a pattern, and the check domain {host}',
      detail:
        'A rule whose domain is a wildcard or a regular expression needs a fixed check domain; the check domain takes no pattern. Otherwise the backend gets a Host that it does not serve, and may answer 404.',
      fix: '{tke}Set the check domain to one fixed name that the backends serve.',
    },
    'bad-expectation': {
      title: '{pool}: the health check {expects}',
      detail: 'A backend is healthy if its answer meets the settings of the check. {meaning}',
      fix: '{tke}{todo}',
    },
    'codes-exclude-2xx': {
      title: '{pool}: the expected codes leave out 2xx',
      detail:
        'The expected codes (HttpCode={mask}) leave out 2xx, so backends that answer 200 are judged Dead.',
      fix: '{tke}Tick http_2xx among the expected codes.',
    },
    'https-to-backend': {
      title: '{pool}: backends are probed over HTTPS',
      detail:
        "The backends must speak TLS on that port, with a certificate; Tencent Cloud's guide advises HTTP when such a check fails.",
      fix: '{tke}If the backend port speaks plain HTTP, set the backend protocol and the check to HTTP.',
    },
    'method-head': {
      title: '{pool}: the check uses the HEAD method',
      detail:
        'Some applications do not support HEAD (they answer 405 or 501). Request {path} with HEAD on a backend and see whether the code is among the expected ones.',
      fix: '{tke}If the application does not support HEAD, change the method to GET.',
    },
  },
  ports: {
    elsewhere:
      'If nothing listens on {checkPort}, or the port is not let in, backends that serve well are judged Dead.',
    nodePorts:
      'Both are NodePorts: {checkPort} may be the healthCheckNodePort of a Service with externalTrafficPolicy Local. Then the check port is right and must stay, and a node without a ready pod is Dead by design. Look for {checkPort} in kubectl get svc -A -o yaml.',
  },
  hosts: {
    empty: 'is empty',
    pattern: 'is a pattern too ({host})',
  },
  fields: { SendContext: 'the request content', RecvContext: 'the expected answer' },
  expectations: {
    informational: {
      expects: 'accepts 1xx status codes only',
      meaning:
        'Only 1xx is accepted (HttpCode={value}). These codes are interim answers; no backend ends a request with one, so every backend is judged Dead.',
      todo: 'In the expected codes of the check, tick those that a healthy backend answers, for example http_2xx.',
    },
    noClass: {
      expects: 'accepts no status code',
      meaning: 'HttpCode ranges from 1 to 31. The API says {value}, which accepts no code.',
      todo: 'In the expected codes of the check, tick those that a healthy backend answers, for example http_2xx.',
    },
    grpc: {
      expects: 'expects the gRPC code {value}, which gRPC does not define',
      meaning:
        'gRPC defines the codes 0 to 16. Unless the application itself answers {value}, its backends are judged Dead.',
      todo: 'Set the check to the code that the backends answer. A server that does not know the checked method answers 12.',
    },
    unset: {
      expects: 'is a custom one without {field}',
      meaning: 'A custom check needs both what it sends (SendContext) and what must come back (RecvContext).',
      todo: 'Fill in what the check sends and what must come back.',
    },
    hex: {
      expects: 'has "{value}" as {field}, which is not whole bytes in hexadecimal',
      meaning:
        'With the input format HEX only 0-9 and A-F are allowed, and an even number of them. "{value}" as {field} stands for no bytes, so no answer can match.',
      todo: 'Write {field} again with an even number of digits. If it is meant as text, set the input format to TEXT.',
    },
    text: {
      expects: 'has unsupported characters in {field}',
      meaning:
        'With the input format TEXT only visible ASCII characters are supported; "{value}" as {field} has others.',
      todo: 'Set the input format to HEX and write {field} in hexadecimal.',
    },
  },
} as const satisfies Translation<typeof zhCN>
