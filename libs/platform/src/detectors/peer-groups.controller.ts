import { Body, Controller, Get, Headers, Inject, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PEER_MODES } from '@wary/detect/peers/peer-mode.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { DETECTOR_SERVICE, type DetectorService, type PeerGroupsState } from './detector-service.js';

const SourceSchema = z.enum(PEER_MODES).describe('declared: the group that people and events name. behaviour: who behaves alike, found once a day. both: the declared group where there is one, else who behaves alike');
const ChangeSchema = z.strictObject({ source: SourceSchema });
const StateSchema = z.object({ source: SourceSchema, default: SourceSchema, settingsVersion: z.number().int().describe('the ETag'), updatedAt: z.number().nullable(), updatedBy: z.string().nullable() });

@ApiTags('detectors')
@Controller('v1/peer-groups')
export class PeerGroupsController {
  constructor(@Inject(DETECTOR_SERVICE) private readonly detectors: DetectorService) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'Whom entities are held against' })
  @ApiResponse({ status: 200, standardSchema: StateSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<PeerGroupsState> {
    return tagged(reply, await this.detectors.peerGroups(principalOf(request).tenant));
  }

  @Put()
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Hold entities against declared groups, against who behaves alike, or both', description: 'Each entity takes its new peers when its day closes; its own history stays. Every change is audited.' })
  @ApiResponse({ status: 200, standardSchema: StateSchema })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: ChangeSchema }) { source }: z.output<typeof ChangeSchema>, @Headers('if-match') ifMatch?: string): Promise<PeerGroupsState> {
    return tagged(reply, await this.detectors.changePeerGroups(principalOf(request).tenant, source, actorOf(request), readIfMatch(ifMatch)));
  }
}

function tagged(reply: FastifyReply, state: PeerGroupsState): PeerGroupsState {
  void reply.header('etag', entityTag(state.settingsVersion));
  return state;
}
