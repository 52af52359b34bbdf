import type { Report, Tone } from '../blocks.ts'
import type { Printed } from './chat.ts'
import {
  type ChatOptions,
  chatLines,
  defusedMarkdown,
  type Markup,
  markdownCode,
  markdownLink,
  titleText,
} from './chat-summary.ts'

/** The most bytes of a request's body: 20 KB, read as the smaller of its two meanings (delivery facts 3). */
const LIMIT = 20_000
const LONGEST_TITLE = 100

const COLORS: Readonly<Record<Tone, string>> = { red: 'red', amber: 'orange', green: 'green', grey: 'grey' }

/**
 * Prints the body of a Feishu or Lark message of at most `limit` bytes: a card of version 1. Every client shows that
 * version. Version 2 only adds elements that this card does not need, older clients show a request to upgrade instead of
 * it, and the service refuses it for one unknown field.
 */
export function printFeishu(
  report: Report,
  {
    signature = {},
    ...options
  }: ChatOptions & { readonly signature?: { readonly timestamp?: string; readonly sign?: string } } = {},
  limit = LIMIT,
): Printed {
  const bodyOf = (content: string): string =>
    JSON.stringify({
      ...signature,
      msg_type: 'interactive',
      card: {
        config: { wide_screen_mode: true },
        header: {
          template: COLORS[report.title.tone],
          title: { tag: 'plain_text', content: titleText(report, LONGEST_TITLE) },
        },
        elements: [{ tag: 'markdown', content }],
      },
    })
  const { lines, incidents } = chatLines(report, MARKUP, {
    ...options,
    room: limit - Buffer.byteLength(bodyOf('')),
    costOf: (line) => Buffer.byteLength(JSON.stringify(`${line}\n`)) - 2,
  })
  return { text: bodyOf(lines.join('\n')), incidents }
}

const FONTS: Readonly<Record<Tone, string>> = { red: 'red', amber: 'red', green: 'green', grey: 'grey' }

const MARKUP: Markup = {
  plain: defusedMarkdown,
  bold: (text, tone) =>
    tone === undefined ? `**${text}**` : `<font color='${FONTS[tone]}'>**${text}**</font>`,
  small: (text) => `<font color='grey'>${text}</font>`,
  link: markdownLink,
  quote: (text) => `> ${text}`,
  code: markdownCode,
  mention: (person) =>
    /^@?all$/.test(person)
      ? '<at id=all></at>'
      : /^[\w-]{1,64}$/.test(person)
        ? `<at id=${person}></at>`
        : null,
}
