// linkedin-api-client, LinkedIn's own client for Node.
const { readFileSync } = require('node:fs');
const { told, say, load, refusal } = require('./told.js');

load('linkedin-api-client/dist/lib/utils/constants.js').VERSIONED_BASE_URL = `${told.url}/rest`;
const { RestliClient } = load('linkedin-api-client');

(async () => {
  const client = new RestliClient();
  const call = { versionString: told.version, accessToken: told.token };
  const upload = await client.action({
    ...call,
    resourcePath: '/images',
    actionName: 'initializeUpload',
    data: { initializeUploadRequest: { owner: told.author } },
  });
  const { uploadUrl, image } = upload.data.value;
  const headers = { authorization: `Bearer ${told.token}` };
  await fetch(uploadUrl, { method: 'PUT', headers, body: readFileSync(told.picture) });
  const entity = {
    author: told.author,
    commentary: told.text,
    visibility: 'PUBLIC',
    distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
    content: { article: { source: told.link, title: 'Titre', thumbnail: image } },
    lifecycleState: 'PUBLISHED',
    isReshareDisabledByAuthor: false,
  };
  const posts = { ...call, resourcePath: '/posts' };
  const post = (await client.create({ ...posts, entity })).createdEntityId;
  const again = await refusal(client.create({ ...posts, entity }), (error) => error.response.data.message);
  const found = await client.finder({ ...posts, finderName: 'author', queryParams: { author: told.author } });
  const gone = await client.delete({ ...posts, resourcePath: '/posts/{id}', pathKeys: { id: post } });
  const wrong = client.create({ ...posts, accessToken: 'wrong', entity });
  const error = await refusal(wrong, (error) => [error.response.status, error.response.data.code]);
  const read = found.data.elements.map((one) => one.id);
  say({ posted: [post], read, deleted: [gone.status === 204], error, again });
})();
