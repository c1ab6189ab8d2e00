// The analytics engine behind its HTTP interface in a process of its own, so that it can be killed, stalled and started again on the same data.
// node clickhouse-child.mjs FOLDER PORT
import { startHttpEngine } from '@wary/adapter-clickhouse/testing/http-engine.js';

const [folder, port] = process.argv.slice(2);
const engine = await startHttpEngine(folder, Number(port));
process.on('SIGTERM', () => { void engine.stop().then(() => process.exit(0)); });
console.log('ready');
