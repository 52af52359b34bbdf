import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, parseJson, text } from '../../model/untrusted.ts'

// Where the process that has a folder can be asked. The file is a hint: a folder without it works as well.

const NAME = 'serve.json'
const FILE_MODE = 0o600

/** Where a process listens. */
export interface OwnAddress {
  readonly host: string
  readonly port: number
}

/** Says where the owner of a folder listens. Null: nowhere yet, so what an earlier owner said no longer holds. */
export function noteOwner(folder: string, address: OwnAddress | null): void {
  const file = join(folder, NAME)
  try {
    if (address === null) rmSync(file, { force: true })
    else writeFileSync(file, `${JSON.stringify(address)}\n`, { mode: FILE_MODE })
  } catch {
    // Without the file the usual address is tried.
  }
}

/** Where the owner of a folder listens, if it has said so. */
export function ownerOf(folder: string): OwnAddress | null {
  try {
    const read = parseJson(readFileSync(join(folder, NAME), 'utf8'))
    const host = isObject(read) ? text(read.host) : null
    const port = isObject(read) ? Number(read.port) : 0
    return host !== null && Number.isInteger(port) && port > 0 && port < 65_536 ? { host, port } : null
  } catch {
    return null
  }
}
