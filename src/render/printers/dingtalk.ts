import type { Report } from '../blocks.ts'
import { type Printed, piece } from './chat.ts'
import {
  type ChatOptions,
  chatLines,
  cut,
  defusedMarkdown,
  type Markup,
  markdownCode,
  markdownLink,
  titleText,
} from './chat-summary.ts'

/** The most bytes of a request's body. DingTalk refuses longer ones (delivery facts 3). */
const LIMIT = 20_000
const LONGEST_TITLE = 100
const PHONE = /^\+?[\d-]{5,20}$/
const USER = /^[\w.$-]{1,64}$/

/**
 * Prints the body of a DingTalk `markdown` message of at most `limit` bytes. Lists show the title. A mention rings only if
 * the person stands both in the text and in `at`.
 */
export function printDingtalk(report: Report, options: ChatOptions = {}, limit = LIMIT): Printed {
  const { title } = report
  const mentions = (options.mentions ?? []).filter((person) => MARKUP.mention(person) !== null)
  const at = {
    atMobiles: mentions.filter((person) => PHONE.test(person)),
    atUserIds: mentions.filter((person) => !PHONE.test(person) && !isAll(person)),
    isAtAll: mentions.some(isAll),
  }
  const bodyOf = (text: string): string =>
    JSON.stringify({ msgtype: 'markdown', markdown: { title: titleText(report, LONGEST_TITLE), text }, at })
  const { lines, incidents } = chatLines(report, MARKUP, {
    ...options,
    mentions,
    head: piece(title.brief, `### ${title.state} ${cut(title.name, title.brief, MARKUP)}`.trimEnd()),
    room: limit - Buffer.byteLength(bodyOf('')),
    costOf: (line) => Buffer.byteLength(JSON.stringify(line + BREAK)) - 2,
  })
  return { text: bodyOf(lines.join(BREAK)), incidents }
}

/** One line break alone joins lines. */
const BREAK = '\n\n'

const isAll = (person: string): boolean => person === '@all' || person === 'all'

const MARKUP: Markup = {
  plain: (text) =>
    // A phone number of a mention would ring wherever it stands.
    defusedMarkdown(text).replaceAll('@', '＠'),
  bold: (text) => `**${text}**`,
  small: (text) => text,
  link: markdownLink,
  quote: (text) => `> ${text}`,
  code: markdownCode,
  mention: (person) =>
    isAll(person) || PHONE.test(person) || USER.test(person) ? `@${person}`.replace('@@', '@') : null,
}
