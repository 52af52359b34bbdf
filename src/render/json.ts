import type { Message } from '../model/message.ts'

export const renderJson = (message: Message): string => `${JSON.stringify(message, null, 2)}\n`
