import { quote } from '../../model/shell.ts'
import { scriptText } from './text.ts'

// The script as a person pastes it: one command with a here-document. The shell that reads it is the person's own, so the
// script goes to another one, and nothing in it is expanded.

/** Ends the here-document. No line of the script is this one. */
const END = 'CLB_DOCTOR'

/** A pod whose name is known. */
export interface PodName {
  readonly namespace: string
  readonly name: string
}

/** Where the script runs, as the command that a person types. */
export type Place =
  /** In a shell on the machine. */
  | { readonly at: 'machine' }
  /** From a shell with kubectl, in the pod that has this address. */
  | { readonly at: 'pod' | 'debug'; readonly ip: string; readonly pod: PodName | null }
  /** From a shell with kubectl, on the node of that pod, with all that the node has. */
  | { readonly at: 'pod-node'; readonly ip: string; readonly node: string | null }
  /** In a shell on the node of that pod, in the pod's network. */
  | { readonly at: 'node'; readonly ip: string }
  /** From a shell with kubectl, on the node that has this address. */
  | { readonly at: 'host'; readonly ip: string }

/** The command line that takes the script from its stdin. */
export function pasteCommand(place: Place, parameters: string): string {
  const shell = `sh -s -- ${parameters} <<'${END}'`
  switch (place.at) {
    case 'machine':
      return shell
    case 'pod':
      return `kubectl exec -i ${podOf(place)} -- ${shell}`
    case 'debug':
      return `kubectl debug -i ${podOf(place)} --image=busybox:1.36 --profile=netadmin -- ${shell}`
    case 'host':
      return onNode(nodeOf(place.ip), shell)
    case 'pod-node':
      return onNode(place.node === null ? nodeOfPod(place.ip) : quote(place.node), shell)
    case 'node':
      return `nsenter -n -t "$(${processIn(place.ip)})" ${shell}`
  }
}

/** All of it. The first line of the script only names an interpreter, and its exclamation mark is left out. */
export const pasteText = (place: Place, parameters: string): string =>
  `${pasteCommand(place, parameters)}\n${scriptText().replace(/^#.*\n/, '')}${END}\n`

const onNode = (node: string, shell: string): string =>
  `kubectl debug -i node/${node} --image=busybox:1.36 --profile=sysadmin -- chroot /host ${shell}`

/** The name of the node of the pod that has an address. */
const nodeOfPod = (ip: string): string =>
  `"$(kubectl get pods -A --field-selector status.podIP=${ip} -o jsonpath='{.items[0].spec.nodeName}')"`

interface KnownPod {
  readonly ip: string
  readonly pod: PodName | null
}

/** The namespace and name of a pod, by its address if they are not known. */
const podOf = ({ ip, pod }: KnownPod): string =>
  pod ? `-n ${quote(pod.namespace)} ${quote(pod.name)}` : podAt(ip)

const podAt = (ip: string): string =>
  `$(kubectl get pods -A --field-selector status.podIP=${ip} -o jsonpath='{range .items[*]}-n {.metadata.namespace} {.metadata.name}{end}')`

/** The name of the node that has an address. */
const nodeOf = (ip: string): string =>
  `"$(kubectl get nodes -o wide --no-headers | awk '$6 == "${ip}" { print $1 }')"`

/** A process in the network of the pod that has an address. The node's own processes are not in it. */
const processIn = (ip: string): string =>
  `for p in /proc/[0-9]*; do nsenter -n -t "\${p#/proc/}" ip -o addr 2>/dev/null | grep -qwF ${ip} && echo "\${p#/proc/}" && break; done`
