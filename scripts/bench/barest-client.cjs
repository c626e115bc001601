/*
 * The floor that a step is compared with: the very requests that reading secrets takes, with nothing around them. No
 * retries, checks, masks or messages. WORK is JSON: the proxy, the names to read (or none, for what the vault lists), how
 * many at a time, and whether listing is all. Prints how long after the process's start the listing ended.
 */
const { Buffer } = require('node:buffer');
const https = require('node:https');
const { performance } = require('node:perf_hooks');
const process = require('node:process');
const { URLSearchParams } = require('node:url');
const { HttpsProxyAgent } = require('https-proxy-agent');

const { proxy, ca, tenant, clientId, clientSecret, vault, names, width, listOnly } = JSON.parse(process.env.WORK);
const agent = new HttpsProxyAgent(proxy, { keepAlive: true });
Object.assign(agent.options, { ca });

function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { agent, method, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function get(url, token) {
  const { status, text } = await send(url, { headers: { authorization: `Bearer ${token}` } });
  if (status !== 200) throw new Error(`HTTP ${status} of ${url}`);
  return JSON.parse(text);
}

async function signIn() {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://vault.azure.net/.default',
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`;
  return JSON.parse((await send(url, { method: 'POST', headers, body })).text).access_token;
}

/** Calls `read` for several names at a time, also for those added meanwhile; resolves when none is left and `ended`. */
function readAll(queue, read, ended) {
  const worker = async () => {
    for (;;) {
      const url = queue.shift();
      if (url !== undefined) await read(url);
      else if (ended.now) return;
      else await new Promise((resolve) => ended.waiting.push(resolve));
    }
  };
  return Promise.all(Array.from({ length: width }, worker));
}

async function work() {
  const first = names.length > 0 ? `${vault}/secrets/${names[0]}?api-version=2025-07-01` : undefined;
  const start = `${vault}/secrets?api-version=2025-07-01&maxresults=25`;
  const [token] = await Promise.all([signIn(), send(first ?? start)]);
  const queue = names.map((name) => `${vault}/secrets/${name}?api-version=2025-07-01`);
  const ended = { now: names.length > 0 || listOnly, waiting: [] };
  const wake = () => ended.waiting.splice(0).forEach((resume) => resume());
  const reading = readAll(queue, (url) => get(url, token), ended);
  for (let url = names.length > 0 ? '' : start; url !== '' && url != null;) {
    const { value, nextLink } = await get(url, token);
    if (!listOnly) queue.push(...value.map(({ id }) => `${id}?api-version=2025-07-01`));
    wake();
    url = nextLink;
  }
  process.stdout.write(String(performance.now()));
  ended.now = true;
  wake();
  await reading;
  agent.destroy();
}

work().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
