// twitter-text, X's own library that counts texts and finds what is in them.
const { told, say, load } = require('./told.js');
const { parseTweet, extractUrls, extractEntitiesWithIndices } = load('twitter-text');

say(
  told.texts.map((text) => ({
    weight: parseTweet(text).weightedLength,
    links: extractUrls(text),
    // An "@" within a link calls nobody: this list leaves out what overlaps.
    called: extractEntitiesWithIndices(text).flatMap(({ screenName, cashtag }) => screenName ?? cashtag ?? []),
  })),
);
