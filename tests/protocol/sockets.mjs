/**
 * Drives a graphql-transport-ws endpoint with the real `graphql-ws` client and with raw sockets:
 * `node sockets.mjs WS_URL '{"init":{...},"query":"...","mutation":"...","subscription":"..."}'`.
 * Also: `headers` of the upgrade (a cookie and its origin); without `subscription` the endpoint has
 * none; `mutationCode` is the code of the error that the mutation answers, where it answers one.
 * The server must have an init timeout and a ping interval of at most a few seconds.
 * Every close code of the protocol has its case; the last line says how many passed.
 */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const PROTOCOL = 'graphql-transport-ws';
const CASE_MS = 15_000;
const [url, settings] = process.argv.slice(2);
if (!url || !settings) {
  console.error('usage: node sockets.mjs WS_URL SETTINGS_JSON');
  process.exit(2);
}
const { init, query, mutation, mutationCode, subscription, headers: own = {} } = JSON.parse(settings);
/** What an id is held by: a subscription, or a query of which the answer takes a moment. */
const held = subscription ?? query;

/** A raw socket with what it has received and how it closed. */
function open({ protocols = [PROTOCOL], headers = own } = {}) {
  const socket = new WebSocket(url, protocols, { headers });
  const received = [];
  const waiting = [];
  const closed = new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const opened = new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_, response) => {
      resolve({ refused: response.statusCode });
      socket.terminate();
    });
    socket.on('error', reject);
  });
  socket.on('message', (data) => {
    received.push(JSON.parse(data.toString()));
    waiting.splice(0).forEach((look) => look());
  });
  /** The first message of this type, received or still to come. */
  const message = (type) =>
    new Promise((resolve) => {
      const look = () => {
        const place = received.findIndex((known) => known.type === type);
        if (place >= 0) resolve(received.splice(place, 1)[0]);
        else waiting.push(look);
      };
      look();
    });
  const send = (value) => socket.send(typeof value === 'string' ? value : JSON.stringify(value));
  /** Several messages in one segment, so that the server reads the second before it answers. */
  const sendAtOnce = (...values) => {
    socket._socket.cork();
    values.forEach(send);
    socket._socket.uncork();
  };
  const begin = async () => {
    await opened;
    send({ type: 'connection_init', payload: init });
    await message('connection_ack');
  };
  return { socket, opened, closed, message, send, sendAtOnce, begin };
}

function equal(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

async function closes(code, raw) {
  const end = await raw.closed;
  equal(end.code, code, 'close code');
  const bytes = Buffer.byteLength(end.reason);
  if (bytes > 123) throw new Error(`a close reason of ${bytes} bytes`);
  return end;
}

const subscribe = (id, document) => ({ id, type: 'subscribe', payload: { query: document } });

const cases = {
  'no protocol offered is 4406': async () => {
    await closes(4406, open({ protocols: [] }));
  },
  'no connection_init is 4408': async () => {
    await closes(4408, open());
  },
  'what is no message is 4400': async () => {
    const wrong = [
      'not json',
      '"text"',
      { type: 'unknown' },
      { type: 'subscribe', payload: { query } },
      { id: '', type: 'subscribe', payload: { query } },
      { id: 'x', type: 'subscribe', payload: {} },
      { id: 'x', type: 'subscribe', payload: { query, variables: 'x' } },
      { type: 'connection_init', payload: 7 },
      { type: 'ping', payload: 'x' },
      { id: 'x', type: 'next', payload: {} },
      Buffer.from(JSON.stringify({ type: 'ping' })),
    ];
    for (const message of wrong) {
      const raw = open();
      await raw.opened;
      if (Buffer.isBuffer(message)) raw.socket.send(message, { binary: true });
      else raw.send(message);
      await closes(4400, raw);
    }
  },
  'subscribe before connection_init is 4401': async () => {
    const raw = open();
    await raw.opened;
    raw.send(subscribe('1', query));
    await closes(4401, raw);
  },
  'no session is 4403': async () => {
    for (const payload of [undefined, {}, { ...init, authorization: 'Bearer wrong' }]) {
      const raw = open({ headers: {} });
      await raw.opened;
      raw.send({ type: 'connection_init', payload });
      await closes(4403, raw);
    }
  },
  'an id in use is 4409, with a short reason': async () => {
    for (const id of ['1', '语'.repeat(100)]) {
      const raw = open();
      await raw.begin();
      raw.sendAtOnce(subscribe(id, held), subscribe(id, held));
      const { reason } = await closes(4409, raw);
      if (id === '1') equal(reason, 'Subscriber for 1 already exists', 'reason');
    }
  },
  'a second connection_init is 4429': async () => {
    const raw = open();
    await raw.begin();
    raw.send({ type: 'connection_init', payload: init });
    await closes(4429, raw);
  },
  'a foreign page is refused at the upgrade': async () => {
    const raw = open({ headers: { ...own, origin: 'https://evil.example' } });
    const { refused } = await raw.opened;
    equal(refused, 403, 'status');
  },
  'a ping is answered with its payload': async () => {
    const raw = open();
    await raw.opened;
    raw.send({ type: 'ping', payload: { a: 1 } });
    equal((await raw.message('pong')).payload.a, 1, 'payload');
    raw.send({ type: 'ping' });
    equal((await raw.message('pong')).payload, undefined, 'payload');
    raw.socket.terminate();
  },
  'the server pings, with the digest of the heads where there are any': async () => {
    const raw = open();
    await raw.begin();
    const { payload } = await raw.message('ping');
    if (subscription === undefined) equal(payload?.heads, undefined, 'heads without conversations');
    else if (!/^[0-9a-f]{8}$/.test(payload.heads)) throw new Error(`heads ${payload.heads}`);
    raw.send({ type: 'pong' });
    raw.socket.terminate();
  },
  'queries and mutations end with complete, refused documents with error': async () => {
    const raw = open();
    await raw.begin();
    for (const [document, code] of [[query], [mutation, mutationCode]]) {
      raw.send(subscribe('q', document));
      const next = await raw.message('next');
      equal(next.id, 'q', 'id');
      equal(next.payload.errors?.[0].extensions.code, code, 'code');
      equal((await raw.message('complete')).id, 'q', 'id');
    }
    for (const document of ['{', '{ nothing }', 'subscription { nothing }']) {
      raw.send(subscribe('e', document));
      const error = await raw.message('error');
      equal(error.id, 'e', 'id');
      equal(Array.isArray(error.payload) && error.payload.length > 0, true, 'a list of errors');
    }
    raw.socket.close();
    await closes(1000, raw);
  },
  'an id is free again after complete': async () => {
    const raw = open();
    await raw.begin();
    for (let turn = 0; turn < 5; turn += 1) {
      raw.sendAtOnce(subscribe('s', held), { id: 's', type: 'complete' });
    }
    raw.send({ id: 'never begun', type: 'complete' });
    raw.send({ type: 'ping', payload: { still: 'here' } });
    equal((await raw.message('pong')).payload.still, 'here', 'payload');
    raw.socket.terminate();
  },
  'too many operations are refused one by one': async () => {
    const raw = open();
    await raw.begin();
    const many = Array.from({ length: 20 }, (_, n) => subscribe(`s${n}`, held));
    raw.sendAtOnce(...many);
    const error = await raw.message('error');
    equal(error.payload[0].extensions.code, 'TOO_MANY', 'code');
    raw.socket.terminate();
  },
  'an endpoint without subscriptions refuses them': async () => {
    if (subscription !== undefined) return;
    const raw = open();
    await raw.begin();
    raw.send(subscribe('s', 'subscription { events { __typename } }'));
    const error = await raw.message('error');
    equal(error.payload[0].extensions.code, 'BAD_REQUEST', 'code');
    raw.socket.terminate();
  },
  'the graphql-ws client queries, mutates and subscribes': async () => {
    const client = createClient({
      url,
      webSocketImpl: class extends WebSocket {
        constructor(address, protocols) {
          super(address, protocols, { headers: own });
        }
      },
      connectionParams: init,
      retryAttempts: 0,
    });
    const one = (document) =>
      new Promise((resolve, reject) => {
        let result;
        client.subscribe(
          { query: document },
          {
            next: (value) => (result = value),
            error: reject,
            complete: () => resolve(result),
          },
        );
      });
    for (const [document, code] of [[query], [mutation, mutationCode]]) {
      const { data, errors } = await one(document);
      equal(errors?.[0].extensions.code, code, 'code');
      if (!data && !code) throw new Error('no data');
    }
    const refused = await one('{ nothing }').then(() => null, (errors) => errors);
    equal(Array.isArray(refused), true, 'a list of errors');
    const stop = client.subscribe(
      { query: held },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    await one(query);
    stop();
    await client.dispose();
  },
};

let passed = 0;
for (const [name, run] of Object.entries(cases)) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not done after ${CASE_MS} ms`)), CASE_MS).unref();
  });
  try {
    await Promise.race([run(), late]);
    passed += 1;
  } catch (error) {
    const why = error instanceof Error ? error.message : JSON.stringify(error);
    console.log(`failed: ${name}: ${why}`);
  }
}
const all = Object.keys(cases).length;
console.log(`sockets ${url} passed=${passed} of=${all}`);
process.exit(passed === all ? 0 : 1);
