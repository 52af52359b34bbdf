import type { OperatorNote, TestMessage } from '../model/incident.ts'
import { clockFor, mark, t, timeFor } from '../text/index.ts'
import type { Part, Report, Title } from './blocks.ts'
import { TEXTS } from './texts.ts'

// The reports of a test message and of a word to the operator.

export function testReport(message: TestMessage): Report {
  const { receiver, language } = message
  const text = t(TEXTS.test.text, { receiver }, language)
  return shortReport(message, { tone: 'green', state: TEXTS.test.title[language], name: receiver }, [text])
}

/** Titles and lines may hold names of receivers and words of their servers, so they are texts like any other. */
export const noteReport = (message: OperatorNote): Report =>
  shortReport(
    message,
    { tone: 'amber', state: TEXTS.note.title[message.language], name: message.title },
    message.lines,
  )

function shortReport(
  { kind, id, createdAt, language, timeZone }: TestMessage | OperatorNote,
  title: Omit<Title, 'brief'>,
  lines: readonly string[],
): Report {
  const omitted = (count: number): string => t(TEXTS.words.omitted, { count }, language)
  const colon = mark('colon', language)
  return {
    language,
    subject: [title.state, title.name].join(colon),
    preheader: [title.state, lines[0] ?? title.name].join(colon),
    // The text of a test has its name. A word to the operator has its own in the title.
    notification: [kind === 'test' ? title.state : title.name, ...lines.slice(0, 1)].join(colon),
    title: { ...title, brief: { rank: 0, items: 1, most: 120 } },
    summary: lines.map(
      (text, i): Part => ({ kind: 'part', topic: 'also', text, brief: { rank: 1 + i, items: 1, most: 400 } }),
    ),
    details: [],
    place: [id, clockFor(createdAt, language, timeZone)].join(' · '),
    foot: {
      lines: [],
      id,
      cost: '',
      createdAt: timeFor(createdAt, language, timeZone),
      brief: { rank: 7, items: 0 },
    },
    isWide: false,
    omitted,
    omittedRows: omitted,
  }
}
