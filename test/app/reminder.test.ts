import { afterEach, expect, it } from 'vitest'
import { HOUR, MINUTE, type Story, startStory } from '../support/story.ts'

let story: Story | null = null
afterEach(() => story?.close())

it('a timer of the function looks again and reminds of what it saw, without waiting for the next timer', async () => {
  story = await startStory()
  await story.take(story.firing())
  const told = () => story?.notices.map(({ news }) => news.join())
  expect(told()).toEqual(['first'])
  await story.pass(4 * HOUR + MINUTE, 4 * HOUR + MINUTE)
  expect(told()).toEqual(['first', 'reminder'])
})
