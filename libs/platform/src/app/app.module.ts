import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { DEAD_LETTER_STORE, type DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import { ENTITY_QUERIES, EVENT_STORE, type EntityQueries, type EventStore } from '@wary/ports/event-store.port.js';
import { FINDING_STORE, type FindingStore } from '@wary/ports/finding-store.port.js';
import { LIVE_BUS, type LiveBus } from '@wary/ports/live-bus.port.js';
import { WORKFLOW, type Workflow } from '@wary/ports/workflow.port.js';
import { EntitiesController } from '../events/entities.controller.js';
import { ENTITY_PAGES, type EntityPages } from '../events/entity-pages.js';
import { EventsController } from '../events/events.controller.js';
import { FindingsController } from '../events/findings.controller.js';
import { PermissionsController } from '../http/permissions.controller.js';
import { AUDIT_NOTE, DEAD_LETTER_REPLAY, DeadLettersController, type AuditNote } from '../ingest/dead-letters.controller.js';
import type { ReplayResult } from '../ingest/dead-letter-replay.js';
import { IngestController } from '../ingest/ingest.controller.js';
import { LIVE_STATS, type LiveStatsSource } from '../live/live-stats.js';
import { LiveGateway } from '../live/live.gateway.js';
import type { EventPath } from '../path/event-path.js';
import { EVENT_PATH, READINESS, type Readiness } from '../path/tokens.js';
import { AlertsController, SuppressionsController } from '../workflow/alerts.controller.js';
import { AssigneesController } from '../workflow/assignees.controller.js';
import { ASSIGNEES, type Assignees } from '../workflow/assignees.js';
import { IncidentsController } from '../workflow/incidents.controller.js';

/** What the composition root has built; Nest only hands it to controllers and gateways. */
export interface AppParts {
  readonly path: EventPath;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly events: EventStore;
  readonly entityQueries: EntityQueries;
  readonly entityPages: EntityPages;
  readonly findings: FindingStore;
  readonly deadLetters: DeadLetterStore;
  readonly replayDeadLetters: (tenant: string, ids: readonly string[]) => Promise<ReplayResult>;
  readonly audit: AuditNote;
  readonly workflow: Workflow;
  readonly assignees: Assignees;
  readonly liveBus: LiveBus;
  readonly liveStats: LiveStatsSource;
}

@Module({})
export class AppModule {
  /** `imports` are the modules of accounts, registers, webhooks, detectors and errors, configured by the composition root. */
  static forRoot(parts: AppParts, imports: DynamicModule[]): DynamicModule {
    const values: ReadonlyArray<readonly [symbol, unknown]> = [
      [EVENT_PATH, parts.path], [READINESS, parts.readiness], [CLOCK, parts.clock], [EVENT_STORE, parts.events], [ENTITY_QUERIES, parts.entityQueries],
      [ENTITY_PAGES, parts.entityPages], [FINDING_STORE, parts.findings], [DEAD_LETTER_STORE, parts.deadLetters], [DEAD_LETTER_REPLAY, parts.replayDeadLetters],
      [AUDIT_NOTE, parts.audit], [WORKFLOW, parts.workflow], [ASSIGNEES, parts.assignees], [LIVE_BUS, parts.liveBus], [LIVE_STATS, parts.liveStats],
    ];
    return {
      module: AppModule,
      imports,
      controllers: [
        IngestController, DeadLettersController, AlertsController, SuppressionsController, IncidentsController, AssigneesController, FindingsController, EventsController, EntitiesController, PermissionsController,
      ],
      providers: [...values.map(([provide, useValue]): Provider => ({ provide, useValue })), LiveGateway],
    };
  }
}
