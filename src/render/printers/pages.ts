// The printers that chat messages do not need. They are loaded together at the first use.
export { printButtonPage, printRefusedLink } from '../incidents/button.ts'
export { printIncident, printIncidents } from '../incidents/list.ts'
export { printIncidentPage } from '../incidents/page.ts'
export { printHtml } from './html.ts'
export { printMail } from './mail.ts'
export { printMarkdown } from './markdown.ts'
export { printText } from './text.ts'
