import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Patch, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { REGISTER_NAMES, type RegisterName, type Registers } from '@wary/model/registers.js';
import type { RegisterChange } from '@wary/ports/register-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { cursorSchema, idsSchema, limitSchema, textSchema } from '../http/query-schema.js';
import { formatRegister, parseRegisterCsv, parseRegisterJson } from './register-file.js';
import { pageOfRows } from './register-page.js';
import { REGISTER_SERVICE, type RegisterService } from './register-service.js';

const NameSchema = z.enum(REGISTER_NAMES as [RegisterName, ...RegisterName[]]);
const ListSchema = z.strictObject({ q: textSchema, version: z.coerce.number().int().min(0).optional().describe('as it was then'), limit: limitSchema.default(API_LIMITS.pageItemsMax), cursor: cursorSchema });
const HistorySchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });
const DeleteQuerySchema = z.strictObject({ ids: idsSchema });
const DeleteBodySchema = z.strictObject({ ids: z.array(z.string().min(1).max(512)).min(1).max(API_LIMITS.registerRowsMax) }).optional();

const ChangedSchema = z.object({ register: NameSchema, version: z.number().int(), added: z.number().int(), changed: z.number().int(), removed: z.number().int(), rows: z.number().int() });
const PageSchema = z.object({ register: NameSchema, version: z.number().int(), total: z.number().int(), items: z.array(z.record(z.string(), z.unknown())), next: z.string().nullable() });
const OverviewSchema = z.object({ version: z.number().int(), items: z.array(z.object({ register: NameSchema, rows: z.number().int(), version: z.number().int(), at: z.number().nullable(), by: z.string().nullable() })), next: z.null() });

/** Canaries, purposes, assets, people, holidays, egress, models: what enrichment and protection know of the organisation. */
@ApiTags('registers')
@Controller('v1/registers')
export class RegistersController {
  constructor(@Inject(REGISTER_SERVICE) private readonly registers: RegisterService) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'All registers: rows, versions, who changed them last' })
  @ApiResponse({ status: 200, standardSchema: OverviewSchema })
  async overview(@Req() request: FastifyRequest): Promise<z.output<typeof OverviewSchema>> {
    const { tenant } = principalOf(request);
    const versions = await this.registers.versions(tenant);
    const current = this.registers.current(tenant);
    return { version: current.version, items: REGISTER_NAMES.map((register) => ({ register, rows: current[register].length, version: versions[register]?.version ?? 0, at: versions[register]?.at ?? null, by: versions[register]?.by ?? null })), next: null };
  }

  @Get(':name')
  @Allow('read')
  @ApiOperation({ summary: 'A register', description: 'Page by page as JSON; the whole as CSV or NDJSON by Accept, in the form that PUT takes.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name', { schema: NameSchema }) name: RegisterName, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    const { tenant } = principalOf(request);
    const version = await this.versionOf(tenant, name);
    const registers = query.version === undefined ? this.registers.current(tenant) : await this.registers.at(tenant, query.version);
    if (query.version === undefined) void reply.header('etag', entityTag(version));
    const accept = request.headers.accept ?? '';
    if (accept.includes('text/csv')) {
      void reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}.csv"`);
      return formatRegister(name, registers[name] as never, 'csv');
    }
    if (accept.includes('application/x-ndjson')) {
      void reply.type('application/x-ndjson');
      return formatRegister(name, registers[name] as never, 'ndjson');
    }
    return { register: name, version: query.version ?? version, total: registers[name].length, ...pageOfRows(registers[name], query) };
  }

  @Get(':name/versions')
  @Allow('read')
  @ApiOperation({ summary: 'The changes of a register', description: 'Every version can be read again with ?version=.' })
  history(@Req() request: FastifyRequest, @Param('name', { schema: NameSchema }) name: RegisterName, @Query({ schema: HistorySchema }) { limit, cursor }: z.output<typeof HistorySchema>): Promise<object> {
    return this.registers.history(principalOf(request).tenant, name, limit, cursor);
  }

  @Put(':name')
  @HttpCode(200)
  @Allow('registers.edit')
  @ApiOperation({ summary: 'Replace a register', description: 'A JSON array of rows, or a CSV file. One wrong row and nothing changes; the answer names every one by its line.' })
  @ApiConsumes('application/json', 'text/csv')
  @ApiBody({ schema: { type: 'array', items: { type: 'object' } } })
  @ApiResponse({ status: 200, standardSchema: ChangedSchema })
  async replace(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name', { schema: NameSchema }) name: RegisterName, @Headers('if-match') ifMatch?: string): Promise<object> {
    return this.change(request, reply, name, { kind: 'replace', rows: await rowsOf(request, name) }, ifMatch);
  }

  @Patch(':name')
  @Allow('registers.edit')
  @ApiOperation({ summary: 'Add rows, or replace those with the same id' })
  @ApiBody({ schema: { type: 'array', items: { type: 'object' } } })
  @ApiResponse({ status: 200, standardSchema: ChangedSchema })
  async upsert(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name', { schema: NameSchema }) name: RegisterName, @Headers('if-match') ifMatch?: string): Promise<object> {
    return this.change(request, reply, name, { kind: 'upsert', rows: await rowsOf(request, name) }, ifMatch);
  }

  @Delete(':name')
  @Allow('registers.edit')
  @ApiOperation({ summary: 'Remove rows', description: 'Name them in ?ids=a,b or in the body as {"ids": […]}.' })
  @ApiResponse({ status: 200, standardSchema: ChangedSchema })
  async remove(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name', { schema: NameSchema }) name: RegisterName, @Query({ schema: DeleteQuerySchema }) query: z.output<typeof DeleteQuerySchema>, @Body({ schema: DeleteBodySchema }) body: z.output<typeof DeleteBodySchema>, @Headers('if-match') ifMatch?: string): Promise<object> {
    const ids = [...(query.ids ?? []), ...(body?.ids ?? [])];
    if (ids.length === 0) throw new WaryError('validation_failed', undefined, { errors: [{ path: 'ids', message: 'name the rows to remove' }] });
    return this.change(request, reply, name, { kind: 'delete', ids }, ifMatch);
  }

  @Delete(':name/:id')
  @Allow('registers.edit')
  @ApiOperation({ summary: 'Remove one row' })
  @ApiResponse({ status: 200, standardSchema: ChangedSchema })
  removeOne(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('name', { schema: NameSchema }) name: RegisterName, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<object> {
    return this.change(request, reply, name, { kind: 'delete', ids: [id] }, ifMatch);
  }

  private async change(request: FastifyRequest, reply: FastifyReply, name: RegisterName, change: RegisterChange, ifMatch: string | undefined): Promise<object> {
    const { tenant } = principalOf(request);
    const { registers, change: made } = await this.registers.change(tenant, name, change, actorOf(request), readIfMatch(ifMatch));
    if (made === null && change.kind === 'delete') throw new WaryError('not_found', 'There is no such row');
    const version = made?.version ?? (await this.versionOf(tenant, name));
    void reply.header('etag', entityTag(version));
    return { register: name, version, added: made?.added ?? 0, changed: made?.changed ?? 0, removed: made?.removed ?? 0, rows: (registers as Registers)[name].length };
  }

  private async versionOf(tenant: string, name: RegisterName): Promise<number> {
    return (await this.registers.versions(tenant))[name]?.version ?? 0;
  }
}

/** By content type: what the body parser left as text is CSV. A single row counts as an array of one. */
async function rowsOf(request: FastifyRequest, name: RegisterName): Promise<never[]> {
  const { body } = request;
  if (typeof body === 'string') return (await parseRegisterCsv(name, body)) as never[];
  const single = typeof body === 'object' && body !== null && !Array.isArray(body) && !('items' in body);
  return (await parseRegisterJson(name, single ? [body] : body)) as never[];
}
