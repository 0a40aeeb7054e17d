// tumblr.js, Tumblr's own client for Node.
const { createReadStream } = require('node:fs');
const https = require('node:https');
const net = require('node:net');
const { told, say, load, refusal } = require('./told.js');
const { createClient } = load('tumblr.js');

// The client speaks TLS whatever its `baseUrl` says (it compares the protocol with 'http', without the colon).
https.globalAgent = new (class extends https.Agent {
  createConnection({ port }) {
    return net.connect(port, '127.0.0.1');
  }
})();

const keys = (token) => ({
  baseUrl: told.url.replace('http:', 'https:'),
  consumer_key: told.consumer_key,
  consumer_secret: told.consumer_secret,
  token,
  token_secret: told.token_secret,
});

(async () => {
  const client = createClient(keys(told.token));
  const blog = (await client.userInfo()).user.blogs[0].name;
  const words = await client.createPost(blog, {
    content: [{ type: 'text', text: told.text }, { type: 'link', url: told.link }],
    tags: ['un', 'deux'],
  });
  const picture = await client.createPost(blog, {
    content: [{ type: 'image', media: createReadStream(told.picture), alt_text: told.alt }],
  });
  const read = (await client.blogPosts(blog)).posts.map((post) => post.id_string);
  await client.deletePost(blog, words.id);
  await client.deletePost(blog, picture.id);
  const error = await refusal(createClient(keys('wrong')).userInfo(), (error) => error.message);
  say({ posted: [words.id, picture.id], read, deleted: [true, true], error });
})();
