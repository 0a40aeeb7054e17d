// What each client is told on its standard input, and says on its standard output, as JSON.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');

exports.told = JSON.parse(readFileSync(0, 'utf8'));
exports.say = (what) => console.log(JSON.stringify(what));
exports.load = createRequire(`${exports.told.modules}/`);
exports.refusal = (promise, read) => promise.then(() => '', read);
