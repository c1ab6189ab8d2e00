// A program as a user has it: OpenTelemetry's Node SDK, configured by its environment variables alone, with the OpenAI instrumentation.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { createRequire } from 'node:module';

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation()] });
sdk.start();
// Instrumentations hook `require`, so the client is loaded by it.
const { OpenAI } = createRequire(import.meta.url)('openai');
const openai = new OpenAI({ apiKey: 'test', baseURL: process.argv[2] });
await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello?' }] });
await sdk.shutdown();
