import ts from 'typescript'

// The commands of fixes against the request types of the SDK.

/** `tccli service Action --region r --Name value …` as a constant of the SDK's request type. */
export function statementOf(line: string): string {
  const [, service, action = ''] = line.split(' ')
  const named = [...line.matchAll(/--([A-Z]\w+) (?:'((?:[^']|'\\'')*)'|(\S+))/g)].map(
    ([, name, json, word]) => `${name}: ${json?.replaceAll("'\\''", "'") ?? wordOf(word)}`,
  )
  return `{ const request: ${service}.${action}Request = { ${named.join(', ')} } }`
}

/** A boolean parameter is `True` or `False` in tccli. */
const wordOf = (word: string | undefined): string =>
  word === 'True' || word === 'False' ? word.toLowerCase() : JSON.stringify(word)

export function typeErrorsOf(statements: string): readonly string[] {
  const services = 'tencentcloud-sdk-nodejs/tencentcloud/services'
  const file = `${import.meta.dirname}/commands-under-test.ts`
  const text = [
    `import type * as vpc from '${services}/vpc/v20170312/vpc_models'`,
    `import type * as clb from '${services}/clb/v20180317/clb_models'`,
    statements,
  ].join('\n')
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version)
  const program = ts.createProgram([file], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
