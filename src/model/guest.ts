/**
 * What ran on a machine and came back, as raw text: src/guest parses it, so that a better parser can read an old snapshot.
 * - `probe`: the output of guest/probe.sh
 * - `recorded`: the outputs of usual commands by the name of their file without `.txt`, for example `ss` or `iptables-save-c`
 */
export type GuestReport = GuestSource & (ProbeOutput | RecordedCommands)

export interface GuestSource {
  /** How it came: through TAT, or a person ran it and gave the output. */
  readonly by: 'tat' | 'hand'
  /** When it came, ISO 8601. */
  readonly at: string
  /** The machine, for example `ins-…`. Null if a person ran it. */
  readonly instanceId: string | null
  /** Bytes at the end that TAT cut off. Left out: none. */
  readonly droppedBytes?: number
  /**
   * The request that the probe was asked to send (`requestKeyOf` of guest/). Other pools may check the same address and port
   * with another one. Left out: not known.
   */
  readonly asked?: string
}

/**
 * Why a machine said nothing, as the code of its `ReadFailure`, beside the codes of the API:
 * - `CommandMissing`, `CommandDiffers`: the registered command is not there, or is not the script of this version
 * - `InPod`: the backend is a pod whose node is not known, or does not forward to it, and TAT runs on machines
 * - `NotAMachine`: no machine of the account has the address
 * - `NoTime`: what was left of the time was too short to begin; `NotInTime`: it began and did not end
 * - `LeftOut`: enough machines were looked at
 * - `OtherOutput`: what came back is not the output of the script
 * The codes `Task.…` are states of TAT's tasks.
 */
export const GUEST_FAILURES = [
  'AgentNotInstalled',
  'AgentOffline',
  'Windows',
  'CommandMissing',
  'CommandDiffers',
  'InPod',
  'NotAMachine',
  'NoTime',
  'NotInTime',
  'LeftOut',
  'OtherOutput',
] as const
export type GuestFailure = (typeof GUEST_FAILURES)[number] | `Task.${string}`

/** The first line of the probe's output is this with its version, the last one is this with `end`. */
export const PROBE_MARKER = 'clb-doctor-probe '

export interface ProbeOutput {
  readonly kind: 'probe'
  readonly text: string
}

export interface RecordedCommands {
  readonly kind: 'recorded'
  readonly files: Readonly<Record<string, string>>
}

/**
 * What the probes from some sources meet on the machine (contract 8).
 * - `refused`: refused or reset during the handshake
 * - `rejected`: ICMP unreachable
 * - `http-timeout`: TCP opens, and no answer comes in time
 * - `wrong-answer`: an answer that the check's settings do not take, or a reset after the handshake
 * - `unknown`: what decides could not be read
 */
export const GUEST_OUTCOMES = [
  'ok',
  'refused',
  'rejected',
  'timeout',
  'http-timeout',
  'wrong-answer',
  'unknown',
] as const
export type GuestOutcome = (typeof GUEST_OUTCOMES)[number]
