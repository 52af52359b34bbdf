// app/ runs the stages in order: diagnose.ts for one CLB or an alarm, scan.ts for many CLBs. It also holds the
// configuration, the context of a run, the expected findings and the log. Only the entries call it: cli, function and
// http. It may call every stage, but it does not judge facts or write texts for users itself. An entry imports the file
// that it needs instead of this one, so that the function's bundle stays small.

export type { AppContext } from './context.ts'
