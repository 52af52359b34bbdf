import type { Report } from '../blocks.ts'
import type { Printed } from './chat.ts'
import type { ChatOptions } from './chat-summary.ts'
import { printWecom } from './wecom.ts'

/** The most UTF-8 bytes of the markdown of an application, half of what a group bot may send (delivery facts 1.3). */
const LIMIT = 2048

/** Prints the markdown of a WeCom application. It goes to people by their ids, so it mentions nobody. */
export const printWecomapp = (report: Report, { mayRepeat = false }: ChatOptions = {}): Printed =>
  printWecom(report, LIMIT, { mayRepeat })
