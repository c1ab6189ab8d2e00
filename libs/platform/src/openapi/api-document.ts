import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

/** OpenAPI 3.1 from the routes' own schemas: what is validated is what is documented. */
export function createApiDocument(app: INestApplication, publicUrl: string, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Wary')
    .setVersion(version)
    .setDescription('Real-time anomaly and insider-threat monitoring for AI systems. Errors are RFC 9457 problem documents with a stable code; lists are keyset-paged.')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addCookieAuth('wary_session', { type: 'apiKey', in: 'cookie' }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'API key, wary_…' }, 'key')
    .addSecurityRequirements('session')
    .addSecurityRequirements('key')
    .build();
  return SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: z.toJSONSchema(schema as z.ZodType, { target: 'draft-2020-12', io: schemaType, unrepresentable: 'any' }) }),
  });
}
