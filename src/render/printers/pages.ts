// The printers that chat messages do not need. They are loaded together at the first use.
export { printHtml } from './html.ts'
export { printMail } from './mail.ts'
export { printMarkdown } from './markdown.ts'
export { printText } from './text.ts'
