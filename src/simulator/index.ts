import { type SimulatedCluster, startCluster } from './kubernetes/server.ts'
import type { Scenario } from './scenario.ts'
import { backendScenarios } from './scenarios/backends.ts'
import { changeScenarios } from './scenarios/changes.ts'
import { classicScenarios } from './scenarios/classic.ts'
import { clusterScenarios } from './scenarios/clusters.ts'
import { insideScenarios } from './scenarios/inside.ts'
import { networkAclScenarios } from './scenarios/network-acls.ts'
import { otherRegionScenarios } from './scenarios/other-region.ts'
import { securityGroupScenarios } from './scenarios/security-groups.ts'
import { serviceScenarios } from './scenarios/services.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from './server.ts'

// simulator/ simulates Tencent Cloud: it answers signed API calls about a scenario, for `demo` and for tests.
// Only cli/demo.ts and tests call it. It must stay out of the function's bundle.
// It shares only model/ with the product. If it used the product's evaluator, tests could not find that one's bugs.

export type { Call, Calls } from './calls.ts'
export type { Fault } from './faults.ts'
export { type SimulatedCluster, startCluster } from './kubernetes/server.ts'
export type { Scenario } from './scenario.ts'
export { type Simulator, type SimulatorOptions, startSimulator } from './server.ts'
export { startWecomStandIn } from './wecom.ts'
export type { World } from './world.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...securityGroupScenarios,
  ...networkAclScenarios,
  ...backendScenarios,
  ...serviceScenarios,
  ...otherRegionScenarios,
  ...classicScenarios,
  ...clusterScenarios,
  ...changeScenarios,
  ...insideScenarios,
]

export const findScenario = (name: string): Scenario | undefined => SCENARIOS.find((one) => one.name === name)

export interface StartedScenario extends Simulator {
  /** The API of its cluster. Null if it has none that can be asked. */
  readonly cluster: SimulatedCluster | null
}

/** Starts the simulated cloud of one scenario and sets the scenario's faults. */
export async function startScenario(
  scenario: Scenario,
  options: SimulatorOptions = {},
): Promise<StartedScenario> {
  const world = scenario.build()
  const [simulator, cluster] = await Promise.all([startSimulator(world, options), startCluster(world)])
  for (const [action, fault] of Object.entries(scenario.faults ?? {})) simulator.faults.set(action, fault)
  return {
    ...simulator,
    cluster,
    close: async () => {
      await Promise.all([simulator.close(), cluster?.close()])
    },
  }
}
