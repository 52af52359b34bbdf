// The printers that a chat message does not need. They are loaded together, when one is first asked for.
export { printHtml } from './html.ts'
export { printMail } from './mail.ts'
export { printMarkdown } from './markdown.ts'
export { printText } from './text.ts'
