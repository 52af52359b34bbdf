// http/ answers HTTP: the routes (app.ts), who may call them (auth.ts), questions and problems, and the server of `serve`
// with its queue. cli/ calls it by this door. function/ loads app.ts and web.ts alone, since it brings its own server.
// It may call the stories of app/ and no stage below them.

export { type Server, serve } from './serve.ts'
