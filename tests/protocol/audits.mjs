/**
 * Runs the GraphQL-over-HTTP audits of npm `graphql-http` against each URL:
 * `node audits.mjs URL...`.
 * Ends with an error unless every audit of every URL passes, and there are as many as we know of.
 */
import { serverAudits } from 'graphql-http';

const AUDITS = 61;
const urls = process.argv.slice(2);
if (urls.length === 0) {
  console.error('usage: node audits.mjs URL...');
  process.exit(2);
}

let failed = false;
for (const url of urls) {
  const audits = serverAudits({ url });
  const results = [];
  for (const audit of audits) results.push({ audit, result: await audit.fn() });
  const bad = results.filter(({ result }) => result.status !== 'ok');
  for (const { audit, result } of bad) {
    const response = result.response;
    const body = response && !response.bodyUsed ? await response.text() : '';
    console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason} ${body}`);
  }
  console.log(`audits ${url} passed=${results.length - bad.length} of=${results.length}`);
  failed ||= bad.length > 0 || results.length !== AUDITS;
}
process.exit(failed ? 1 : 0);
