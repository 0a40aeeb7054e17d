// twitter-text, X's own library that counts texts and finds what is in them.
const { told, say, load } = require('./told.js');
const { parseTweet, extractUrls, extractMentions, extractCashtags } = load('twitter-text');

say(
  told.texts.map((text) => ({
    weight: parseTweet(text).weightedLength,
    links: extractUrls(text),
    called: [...extractMentions(text), ...extractCashtags(text)],
  })),
);
