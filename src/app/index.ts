// app/ tells the stories: diagnose.ts (one CLB, or an alarm), scan.ts (many CLBs), and what they need: the configuration,
// the context of a run, expected findings, the log. Only the entries call it: cli, function and http. It may call every
// stage, but it does not judge a fact or write for a reader by itself. Entries import the file of the story they tell,
// so that the function's bundle carries only what it runs.

export type { AppContext } from './context.ts'
