import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    'not-listening': {
      title: 'Nothing listens on {protocol} {port}{where} on {which}',
      quote: '{sockets}',
      detail: `{led}A probe to port {port} is refused at once.{unread}${looked}{common}{list}{doubt}`,
      fix: 'Start the service that should listen on {protocol} {port}, and let it start with the machine (systemctl enable --now NAME). If the service has another port now, change the port of the backend or of the health check{orRule}{tke}',
    },
    'loopback-only': {
      title: 'On {which}, {process} listens on the loopback address only, where CLB cannot reach it',
      quote: '{listening}',
      detail: `{led}Port {port} is open on {listening} only. It works for 127.0.0.1 on the machine, and everybody else is refused.{unread}${looked}{common}{list}{doubt}`,
      fix: 'Let {process} listen on 0.0.0.0 (or on {own}), and restart it. Then every address that gets to the port can use it, so let the security group limit the sources{orRule}',
    },
    'other-address': {
      title: 'On {which}, {process} does not listen on the address of the backend (port {port})',
      quote: '{listening}',
      detail: `{led}The backend is {ips}, and port {port} is open on {listening} only, so probes are refused.{unread}${looked}{common}{list}{doubt}`,
      fix: 'Let {process} listen on 0.0.0.0 or on {own}, and restart it. If the service should use the other address, bind that address to the listener instead{orRule}',
    },
    'backlog-full': {
      title: 'The queue of {process} on {which} is full ({queue}): new connections are dropped',
      quote: '{by}',
      detail: `The service does not accept connections fast enough. Its queue is full, the kernel drops new ones, and probes time out.${looked}{common}{list}{doubt}`,
      fix: 'Find out why the service does not accept connections (stuck, no free workers, overload), and restart or scale it. {room}',
    },
  },
  where: ', to which a rule sends the health check,',
  led: 'This rule sends probes to port {asked} on to port {port}: {rule}. ',
  orRule:
    '. If probes should meet port {asked} itself, delete the rule that sends them to {port}, or mend its port: {rule}',
  unread:
    ' The rules that send packets on to other ports (NAT) were not read. If one sends the probes to a port that is open, this is not the cause.',
  room: {
    program:
      'The program itself asks for a queue of {backlog} (the kernel allows {allowed}): if that is too short, raise the backlog of the program and restart it',
    kernel:
      'The queue is as long as the kernel allows (net.core.somaxconn = {allowed}): if that is too short, raise it and the backlog of the program, and restart the program',
    unknown:
      'If the queue is too short, raise the backlog of the program (and net.core.somaxconn of the kernel, if that is less), and restart the program',
  },
  of: '{queued} of {backlog}',
  waiting: '{queued} waiting, limit not read',
  process: 'the service',
  sockets: 'Listening: {listening}',
} as const satisfies Translation<typeof zhCN>
