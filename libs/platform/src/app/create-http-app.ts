import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import type { FastifyInstance } from 'fastify';
import { assertEveryRouteHasPolicy } from '../auth/route-policies.js';
import { frameworkErrors } from '../errors/framework-errors.js';
import { addBodyParsers } from '../http/body-parsers.js';
import { serveDashboard } from '../http/dashboard-files.js';
import { addSecurityHeaders, securityHeaders } from '../http/security-headers.js';
import { LiveIoAdapter } from '../live/live-io-adapter.js';
import { createApiDocument } from '../openapi/api-document.js';
import { serveApiDocument } from '../openapi/serve-api-document.js';

export interface HttpAppOptions {
  readonly module: DynamicModule;
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: boolean | string;
  readonly version: string;
  readonly requestId: () => string;
  /** false: neither sockets nor the dashboard; default true. */
  readonly forPeople?: boolean;
}

/** An id with an entity's whole name in a path. */
const PARAM_CHARS_MAX = 1_200;

/** NestJS on Fastify with everything that holds for every route: parsers, headers, policies, sockets, documentation, dashboard. Ready to listen. */
export async function createHttpApp({ module, publicUrl, allowedOrigins, trustProxy, version, requestId, forPeople = true }: HttpAppOptions): Promise<NestFastifyApplication> {
  const headersOf = securityHeaders(publicUrl);
  const adapter = new FastifyAdapter({ frameworkErrors: frameworkErrors(headersOf), bodyLimit: INGEST_LIMITS.bodyBytesMax, trustProxy, genReqId: requestId, routerOptions: { maxParamLength: PARAM_CHARS_MAX } });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, bodyParser: false, abortOnError: false });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  addBodyParsers(fastify);
  addSecurityHeaders(fastify, headersOf);
  if (forPeople) app.useWebSocketAdapter(new LiveIoAdapter(app, allowedOrigins));
  assertEveryRouteHasPolicy(app);
  await app.init();
  if (forPeople) await serveDashboard(fastify);
  await serveApiDocument(fastify, createApiDocument(app, publicUrl, version));
  return app;
}
