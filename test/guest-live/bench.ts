import { rm } from 'node:fs/promises'
import type { Fault } from './fault.ts'
import { type Lab, labFolder, openLab } from './lab.ts'
import { type Probes, startProbes } from './probes.ts'
import { startServer } from './servers.ts'

/** A backend with one fault, while it is probed. */
export interface Running {
  readonly lab: Lab
  readonly probes: Probes
  /** Of this lab alone. It ends with the lab. */
  readonly folder: string
}

/** Makes the lab, injects the fault, starts the probes, and gives them to `use`. Everything has ended when it returns. */
export async function withFault<T>(fault: Fault, use: (running: Running) => Promise<T>): Promise<T> {
  const folder = await labFolder()
  try {
    const lab = await openLab()
    try {
      for (const server of fault.servers) await startServer(lab, server, folder)
      await lab.run('backend', `FOLDER=${folder}\n${fault.inject}`)
      await lab.run('pod', fault.injectPod)
      return await use({ lab, folder, probes: startProbes(lab, fault.check) })
    } finally {
      await lab.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
