import { raw } from 'hono/html'
import { mark, t } from '../../text/index.ts'
import { type Html, markup, pageWith, small, stack } from '../printers/html.ts'
import { clip } from '../printers/safe.ts'
import { some } from '../some.ts'
import { TEXTS } from './texts.ts'
import { clbText, LONGEST_NAME, type PersonUntil, type Reader, timeIn } from './words.ts'

// The pages of one button. Opening one changes nothing: mail scanners and previews of chats open links. Pressing its button
// does it.

const WORDS = TEXTS.button
const MOST_NAMES = 5

export interface ButtonPage extends Reader {
  readonly purpose: 'acknowledge' | 'silence'
  /** The CLBs of the incident. */
  readonly loadBalancers: readonly { readonly id: string; readonly name: string }[]
  /** Who has it already, and until when it is silenced. */
  readonly acknowledged: PersonUntil | null
  readonly silenced: PersonUntil | null
  /** The state of the incident in one line is `over` if it has recovered. `done`: what was pressed holds until then. */
  readonly step:
    | { readonly kind: 'ask'; readonly hours: readonly number[]; readonly proposed: number }
    /** The silence that runs lasts longer than these hours. */
    | { readonly kind: 'shorter'; readonly hours: number }
    | { readonly kind: 'done'; readonly by: string; readonly until: string }
    | { readonly kind: 'over' }
    | { readonly kind: 'gone' }
  /** The page of the incident. */
  readonly back: string
  /** Where the button leads. */
  readonly action: string
}

export interface RefusedLink extends Pick<Reader, 'language'> {
  readonly why: keyof typeof TEXTS.refused
}

/** Large enough for a thumb. The colours are those of a browser's own button, in light and in dark. */
const STYLE = {
  action: raw(
    'display:inline-block;margin:0 8px 8px 0;padding:11px 18px;border:1px solid #8c959f;border-radius:8px;color:inherit;font-weight:600;text-decoration:none',
  ),
  field: raw(
    'display:block;box-sizing:border-box;width:100%;max-width:420px;margin:4px 0 14px;padding:10px;border:1px solid #8c959f;border-radius:8px;min-height:46px;background-color:transparent;color:inherit;font-size:16px;line-height:1.4;font-family:inherit',
  ),
  button: raw(
    'padding:12px 24px;border:0;border-radius:8px;background:#0757b8;color:#ffffff;font:600 17px/1.3 system-ui,sans-serif',
  ),
  heading: raw('font-size:21px;line-height:1.35;margin:0 0 8px'),
} as const

/** A link that looks like a button. It only opens a page. */
export const actionMarkup = (url: string, text: string): Html =>
  markup`<a class="action" href="${url}" style="${STYLE.action}">${text}</a>`

const heading = (text: string): Html => markup`<h1 style="${STYLE.heading}">${text}</h1>`

export function printButtonPage(page: ButtonPage): string {
  const { language, purpose, step, back, loadBalancers } = page
  const title = step.kind === 'gone' ? WORDS.gone.title[language] : WORDS[purpose].title[language]
  const names = some(
    loadBalancers.map((clb) => clbText(clb, language)),
    MOST_NAMES,
    language,
  )
  return simplePage(language, title, [
    ...(names === '' ? [] : [markup`<p><strong>${names}</strong></p>`]),
    ...stepMarkup(page),
    ...(step.kind === 'gone' ? [] : [markup`<p>${actionMarkup(back, WORDS.back[language])}</p>`]),
  ])
}

function stepMarkup(page: ButtonPage): readonly Html[] {
  const { step, language, purpose } = page
  const words = WORDS[purpose]
  switch (step.kind) {
    case 'ask':
      return [...personMarkup(page), markup`<p>${words.lead[language]}</p>`, formMarkup(page, step)]
    case 'shorter': {
      const text = t(WORDS.shorter, { count: step.hours }, language)
      return [...personMarkup(page), markup`<p>${text}</p>`, shorterMarkup(page, step.hours)]
    }
    case 'done': {
      const params = { name: clip(step.by, LONGEST_NAME), time: timeIn(step.until, page) }
      return [markup`<p>${t(words.done, params, language)}</p>`]
    }
    case 'over':
      return [markup`<p>${WORDS.over[language]}</p>`]
    case 'gone':
      return [markup`<p>${WORDS.gone.text[language]}</p>`]
  }
}

/** What others have said already, in the words of the incident's page. */
function personMarkup(page: ButtonPage): readonly Html[] {
  const { acknowledged, silenced, language } = page
  const line = (text: (typeof TEXTS.page)['acknowledged' | 'silenced'], { by, until }: PersonUntil): Html =>
    markup`<p>${t(text, { name: clip(by, LONGEST_NAME), time: timeIn(until, page) }, language)}</p>`
  return [
    ...(acknowledged ? [line(TEXTS.page.acknowledged, acknowledged)] : []),
    ...(silenced ? [line(TEXTS.page.silenced, silenced)] : []),
  ]
}

/** The second press, which needs a name. */
function shorterMarkup({ action, language }: ButtonPage, hours: number): Html {
  const colon = mark('colon', language).trimEnd()
  const name = markup`<label>${WORDS.ownName[language]}${colon}<input name="by" required maxlength="${LONGEST_NAME}" autocomplete="name" style="${STYLE.field}"></label>`
  const hidden = markup`<input type="hidden" name="hours" value="${hours}"><input type="hidden" name="shorter" value="yes">`
  return markup`<form method="post" action="${action}">${hidden}${name}<button style="${STYLE.button}">${WORDS.shorten[language]}</button></form>`
}

function formMarkup(
  { action, purpose, language }: ButtonPage,
  { hours, proposed }: Extract<ButtonPage['step'], { kind: 'ask' }>,
): Html {
  const colon = mark('colon', language).trimEnd()
  const options = hours.map(
    (count) =>
      markup`<option value="${count}"${count === proposed ? raw(' selected') : ''}>${t(WORDS.hour, { count }, language)}</option>`,
  )
  const fields = [
    markup`<label>${WORDS.name[language]}${colon}<input name="by" maxlength="${LONGEST_NAME}" autocomplete="name" style="${STYLE.field}"></label>`,
    ...(hours.length > 0
      ? [
          markup`<label>${WORDS.hours[language]}${colon}<select name="hours" style="${STYLE.field}">${options}</select></label>`,
        ]
      : []),
  ]
  return markup`<form method="post" action="${action}">${stack(fields)}<button style="${STYLE.button}">${WORDS[purpose].button[language]}</button></form>`
}

export const printRefusedLink = ({ language, why }: RefusedLink): string =>
  simplePage(language, TEXTS.refused[why].title[language], [
    markup`<p>${TEXTS.refused[why].text[language]}</p>`,
  ])

const simplePage = (language: ButtonPage['language'], title: string, body: readonly Html[]): string =>
  pageWith({ language, isWide: false }, title, stack([heading(title), ...body, small('clb-doctor')]))
