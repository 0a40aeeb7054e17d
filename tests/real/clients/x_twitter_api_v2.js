// twitter-api-v2, the most used client for X in Node. It uploads pictures in pieces, so here are words alone.
const https = require('node:https');
const net = require('node:net');
const { told, say, load, refusal } = require('./told.js');
const { TwitterApi } = load('twitter-api-v2');

// The client speaks TLS to a host that it has built in; its own setting `httpAgent` says how connections are made.
class Here extends https.Agent {
  createConnection() {
    return net.connect(new URL(told.url).port, '127.0.0.1');
  }
}

const client = (token) => new TwitterApi(token, { httpAgent: new Here() });

(async () => {
  const own = client(told.token);
  const { data: post } = await own.v2.tweet(told.text);
  const again = await refusal(own.v2.tweet(told.text), (error) => `${error.code}: ${error.data.detail}`);
  const { data: me } = await own.v2.me();
  const timeline = await own.v2.userTimeline(me.id, { max_results: 5 });
  const { data: gone } = await own.v2.deleteTweet(post.id);
  const error = await refusal(client('wrong').v2.me(), (error) => error.isAuthError && error.code);
  say({ posted: [post.id], read: timeline.tweets.map((one) => one.id), deleted: [gone.deleted], error, again });
})();
