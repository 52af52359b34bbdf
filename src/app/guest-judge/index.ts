// guest-judge/ answers `clb-doctor guest-judge`: what came back from one machine, without an account, alone or beside a
// saved snapshot. The outcomes come from guest/, the findings and their texts from the diagnosis.

export type { GuestAnswer, GuestFinding } from './answer.ts'
export { type Evaluated, evaluateReport, type GuestQuestion, type GuestRefusal } from './evaluate.ts'
export {
  type ClusterEvaluated,
  type ClusterRefusal,
  evaluateCluster,
  evaluateClusterInSnapshot,
} from './in-cluster.ts'
export { evaluateInSnapshot } from './in-snapshot.ts'
export { decoded, type Given, givenIn } from './pasted.ts'
export { type AskedCheck, type AskedTarget, codesIn, sourceIn, targetIn } from './question.ts'
export { answerText, clusterText } from './text.ts'
