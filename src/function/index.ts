// function/ is the entry of SCF and AWS Lambda. The build bundles it as dist/handler.cjs; no other room calls it. It
// turns the platform's event into an HTTP request, alarms or a scan, and calls http/ and the stories of app/. It may
// not know a stage below them. No other room knows the platform's event.

export { loadedWith, main_handler } from './handler.ts'
