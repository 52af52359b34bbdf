// http/ answers HTTP: the routes (app.ts), who may call them (auth.ts), questions and problems, and the server of
// `serve` with its queue. cli/ calls it through this file. function/ only loads app.ts and web.ts, because it brings
// its own server. It may call the stories of app/ and no stage below them.

export { type Server, serve } from './serve.ts'
