import type { Translation } from '../../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  what: {
    kubeconfig: 'Services, pods and nodes of the cluster (KUBECONFIG)',
    services: 'Services of the cluster',
    ingresses: 'Ingresses of the cluster',
    endpointslices: 'endpoints of the Services (EndpointSlices)',
    pods: 'pods of the cluster (those of kube-proxy included)',
    nodes: 'nodes of the cluster',
    daemonsets: 'the mode of kube-proxy',
    configmaps: "settings of TKE's controller for Services",
    tkeserviceconfigs: 'TkeServiceConfigs',
    events: 'events of the cluster',
    foreign: 'the Service of {clb} in the cluster',
  },
  why: {
    foreign:
      'the cluster of kubeconfig {context} has no Service or Ingress that uses {clb}, so it is probably another cluster, and nothing was concluded from it; set KUBECONFIG to that of {cluster}',
    denied:
      'RBAC of the cluster refuses it ({code}): grant {verb} {resource}{group}; deploy/clusterrole.yaml grants exactly what is read',
    unauthorized:
      'the cluster does not take these credentials ({code}): the token or certificate has expired, or is of another cluster; get the kubeconfig again',
    unavailable:
      'the API of the cluster cannot be reached ({code}): make sure that this machine can connect to {detail}, and that the access endpoint of the TKE cluster is on',
    malformed: 'the answer does not come from a Kubernetes API ({code}): check the server in the kubeconfig',
    tooMany:
      'the list has more than {detail} entries, which is more than one run reads; where kubectl reaches the cluster, it can be looked at whole',
    deadline: 'the API of the cluster did not answer in the time allowed',
    other: 'the API of the cluster refused the request ({code})',
  },
  kubeconfig: {
    NoFile: 'the file {detail} cannot be read',
    NotYaml: '{detail} is neither YAML nor JSON',
    NoContext: 'there is no current-context to use ({detail}); set it by kubectl config use-context',
    NoCluster: 'the cluster {detail} of the context is not defined, or has no server',
    NoUser: 'the user {detail} of the context is not defined',
    BadServer: 'the server {detail} is no https address',
    BadProxy: 'proxy-url {detail} is no proxy of http or https, and no other kind is supported',
    BadFile: 'a file that it names, {detail}, cannot be read',
    BadKey: 'the certificate or key {detail} cannot be parsed',
    ExecPlugin:
      'the user gets its credentials from the command {detail} (exec), which clb-doctor does not run; use a kubeconfig with a token or certificate, for example with a token of the ServiceAccount in deploy/clusterrole.yaml',
    AuthProvider:
      'the user gets its credentials from auth-provider {detail}, which Kubernetes has removed; use a kubeconfig with a token or certificate',
    Impersonation:
      'the user acts as {detail} (as), which clb-doctor does not do; use a kubeconfig whose own user may read, for example with a token of the ServiceAccount in deploy/clusterrole.yaml',
    Password:
      'the user {detail} has a name and password, which Kubernetes has removed in 1.19; use a token or certificate',
  },
  group: ' ({group})',
  run: 'where kubectl reaches the cluster',
} as const satisfies Translation<typeof zhCN>
